package akin.nn.backbone;

import akin.tensor.Tensor;

/**
 * A network whose features are the means of maps: what heads that pool otherwise, or not at all,
 * read.
 */
public interface FeatureMaps {
  /** Pictures [N,3,H,W] → maps [N,C,⌈H/stride⌉,⌈W/stride⌉], whose means are the features. */
  Tensor maps(Tensor pictures);

  /** C, the number of maps; as many as numbers in a feature. */
  int width();

  /** How many pixels of a picture lie between neighbouring cells, each way. */
  int stride();
}
