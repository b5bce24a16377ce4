/* cuBLAS 11 by plain loops: matrix products in float32, columns together. */
#include <stdlib.h>
#include <string.h>

#include "standin.h"

enum {
  SUCCESS = 0,
  NOT_INITIALIZED = 1,
  INVALID_VALUE = 7,
  EXECUTION_FAILED = 13
};

enum { DEFAULT_MATH = 0, TENSOR_OP_MATH = 1, PEDANTIC_MATH = 2, TF32_TENSOR_OP_MATH = 3 };

enum { HOST_POINTERS = 0, DEVICE_POINTERS = 1 };

struct handle {
  void *stream;
  int math;
  int atomics;
  int pointers;
};

#define ENTER_HANDLE(handle)                                \
  do {                                                      \
    ENTER();                                                \
    REQUIRE(standin_is(CUBLAS, handle), NOT_INITIALIZED);   \
    REQUIRE(!standin_refusal(), EXECUTION_FAILED);          \
  } while (0)

int cublasCreate_v2(struct handle **made) {
  ENTER();
  REQUIRE(made, INVALID_VALUE);
  REQUIRE(!standin_refusal(), NOT_INITIALIZED);
  *made = calloc(1, sizeof **made);
  standin_made(CUBLAS, *made);
  return SUCCESS;
}

int cublasDestroy_v2(struct handle *handle) {
  ENTER();
  REQUIRE(standin_gone(CUBLAS, handle), NOT_INITIALIZED);
  free(handle);
  return SUCCESS;
}

int cublasGetVersion_v2(struct handle *handle, int *version) {
  (void)handle;
  REQUIRE(version, INVALID_VALUE);
  *version = 111103;
  return SUCCESS;
}

int cublasSetStream_v2(struct handle *handle, void *stream) {
  ENTER_HANDLE(handle);
  REQUIRE(standin_stream_known(stream), INVALID_VALUE);
  handle->stream = stream;
  return SUCCESS;
}

int cublasSetMathMode(struct handle *handle, int mode) {
  ENTER_HANDLE(handle);
  REQUIRE((mode & 15) <= TF32_TENSOR_OP_MATH && (mode & ~(15 | 16)) == 0, INVALID_VALUE);
  handle->math = mode & 15;
  return SUCCESS;
}

int cublasGetMathMode(struct handle *handle, int *mode) {
  ENTER_HANDLE(handle);
  REQUIRE(mode, INVALID_VALUE);
  *mode = handle->math;
  return SUCCESS;
}

int cublasSetAtomicsMode(struct handle *handle, int mode) {
  ENTER_HANDLE(handle);
  REQUIRE(mode == 0 || mode == 1, INVALID_VALUE);
  handle->atomics = mode;
  return SUCCESS;
}

int cublasSetPointerMode_v2(struct handle *handle, int mode) {
  ENTER_HANDLE(handle);
  REQUIRE(mode == HOST_POINTERS || mode == DEVICE_POINTERS, INVALID_VALUE);
  handle->pointers = mode;
  return SUCCESS;
}

int cublasSetWorkspace_v2(struct handle *handle, void *workspace, size_t bytes) {
  ENTER_HANDLE(handle);
  REQUIRE((uintptr_t)workspace % 256 == 0, INVALID_VALUE);
  REQUIRE(bytes == 0 || standin_on_card(workspace, bytes), INVALID_VALUE);
  return SUCCESS;
}

/* ---- products ---- */

struct gemm {
  int transa, transb, m, n, k, lda, ldb, ldc, batch, tf32;
  long long stridea, strideb, stridec;
  float alpha, beta;
  const float *a, *b;
  float *c;
};

/* A factor as tensor cores take it: ten bits behind the point, the nearest. */
static float tf32(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  if ((bits & 0x7f800000) != 0x7f800000) bits = (bits + 0x1000) & ~0x1fffu;
  memcpy(&x, &bits, sizeof x);
  return x;
}

/* op(X) with its columns together. */
static float *packed(const float *x, int ld, int trans, int rows, int columns, int round) {
  float *to = malloc(sizeof(float) * (size_t)rows * (size_t)columns + 1);
  for (int c = 0; c < columns; c++) {
    for (int r = 0; r < rows; r++) {
      float value = trans ? x[c + (size_t)r * (size_t)ld] : x[r + (size_t)c * (size_t)ld];
      to[r + (size_t)c * (size_t)rows] = round ? tf32(value) : value;
    }
  }
  return to;
}

static void multiply(const struct gemm *g, const float *given_a, const float *given_b, float *c) {
  float *a = packed(given_a, g->lda, g->transa, g->m, g->k, g->tf32);
  float *b = packed(given_b, g->ldb, g->transb, g->k, g->n, g->tf32);
  float *sums = malloc(sizeof(float) * (size_t)g->m + 1);
  for (int j = 0; j < g->n; j++) {
    memset(sums, 0, sizeof(float) * (size_t)g->m);
    for (int p = 0; p < g->k; p++) {
      const float *column = a + (size_t)p * (size_t)g->m;
      float factor = b[p + (size_t)j * (size_t)g->k];
      for (int i = 0; i < g->m; i++) sums[i] += column[i] * factor;
    }
    float *to = c + (size_t)j * (size_t)g->ldc;
    for (int i = 0; i < g->m; i++) {
      to[i] = g->alpha * sums[i] + (g->beta == 0 ? 0 : g->beta * to[i]);
    }
  }
  free(sums);
  free(b);
  free(a);
}

static size_t extent(int rows, int columns, int ld, long long stride, int batch) {
  long long last = stride * (batch - 1) + (long long)ld * (columns - 1) + rows;
  return sizeof(float) * (size_t)last;
}

static int run_gemm(void *given) {
  const struct gemm *g = given;
  if (g->m == 0 || g->n == 0 || g->batch == 0) return CUDA_SUCCESS;
  size_t a = g->transa ? extent(g->k, g->m, g->lda, g->stridea, g->batch)
                       : extent(g->m, g->k, g->lda, g->stridea, g->batch);
  size_t b = g->transb ? extent(g->n, g->k, g->ldb, g->strideb, g->batch)
                       : extent(g->k, g->n, g->ldb, g->strideb, g->batch);
  size_t c = extent(g->m, g->n, g->ldc, g->stridec, g->batch);
  if (g->k > 0 && (!standin_on_card(g->a, a) || !standin_on_card(g->b, b))) {
    return CUDA_ERROR_ILLEGAL_ADDRESS;
  }
  if (!standin_on_card(g->c, c)) return CUDA_ERROR_ILLEGAL_ADDRESS;
  for (int i = 0; i < g->batch; i++) {
    multiply(g, g->a + i * g->stridea, g->b + i * g->strideb, g->c + i * g->stridec);
  }
  return CUDA_SUCCESS;
}

static int most(int a, int b) { return a > b ? a : b; }

static int gemm(struct handle *handle, int transa, int transb, int m, int n, int k,
                const float *alpha, const float *a, int lda, long long stridea, const float *b,
                int ldb, long long strideb, const float *beta, float *c, int ldc, long long stridec,
                int batch) {
  REQUIRE(transa >= 0 && transa <= 2 && transb >= 0 && transb <= 2, INVALID_VALUE);
  REQUIRE(m >= 0 && n >= 0 && k >= 0 && batch >= 0, INVALID_VALUE);
  REQUIRE(lda >= most(1, transa ? k : m), INVALID_VALUE);
  REQUIRE(ldb >= most(1, transb ? n : k), INVALID_VALUE);
  REQUIRE(ldc >= most(1, m), INVALID_VALUE);
  REQUIRE(alpha && beta && handle->pointers == HOST_POINTERS, INVALID_VALUE);
  /* Products that overlap are undefined: their order is not told. */
  REQUIRE(batch < 2 || m == 0 || n == 0 || stridec >= (long long)ldc * (n - 1) + m, INVALID_VALUE);
  struct gemm g = {transa, transb, m, n, k, lda, ldb, ldc, batch, 0, stridea, strideb, stridec,
                   *alpha, *beta, a, b, c};
  g.tf32 = (handle->math == TF32_TENSOR_OP_MATH || handle->math == TENSOR_OP_MATH) &&
           standin_setting("AKIN_STANDIN_CAPABILITY", 86) >= 80;
  return standin_queue(handle->stream, run_gemm, &g, sizeof g) ? EXECUTION_FAILED : SUCCESS;
}

int cublasSgemm_v2(struct handle *handle, int transa, int transb, int m, int n, int k,
                   const float *alpha, const float *a, int lda, const float *b, int ldb,
                   const float *beta, float *c, int ldc) {
  ENTER_HANDLE(handle);
  return gemm(handle, transa, transb, m, n, k, alpha, a, lda, 0, b, ldb, 0, beta, c, ldc, 0, 1);
}

int cublasSgemmStridedBatched(struct handle *handle, int transa, int transb, int m, int n, int k,
                              const float *alpha, const float *a, int lda, long long stridea,
                              const float *b, int ldb, long long strideb, const float *beta,
                              float *c, int ldc, long long stridec, int batch) {
  ENTER_HANDLE(handle);
  return gemm(handle, transa, transb, m, n, k, alpha, a, lda, stridea, b, ldb, strideb, beta, c,
              ldc, stridec, batch);
}
