package akin.retrieval.data;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What a file is by its first bytes, in words, for messages about files that are no pictures. */
enum FileKind {
  JPEG("a JPEG picture", 0, "\u00ff\u00d8\u00ff"),
  WEBP("a WebP picture", 8, "WEBP"),
  AVIF("an AVIF picture", 4, "ftypavi"),
  HEIC("a HEIC picture", 4, "ftyphei", "ftyphev", "ftypmif1"),
  JPEG_2000("a JPEG 2000 picture", 0, "\0\0\0\fjP", "\u00ff\u004f\u00ff\u0051"),
  JPEG_XL("a JPEG XL picture", 0, "\0\0\0\fJXL", "\u00ff\n"),
  PHOTOSHOP("a Photoshop document", 0, "8BPS"),
  ICON("a Windows icon", 0, "\0\0\1\0"),
  PORTABLE("a portable pixel map", 0, "P1\n", "P2\n", "P3\n", "P4\n", "P5\n", "P6\n"),
  EXR("an OpenEXR picture", 0, "v/1\1"),
  VIDEO("a video", 4, "ftyp"),
  PDF("a PDF document", 0, "%PDF"),
  ZIP("a zip archive", 0, "PK\3\4"),
  GZIP("a gzip archive", 0, "\u001f\u008b"),
  UNKNOWN("a file of no known kind", 0);

  private final String words;
  private final int offset;
  private final String[] beginnings;

  FileKind(String words, int offset, String... beginnings) {
    this.words = words;
    this.offset = offset;
    this.beginnings = beginnings;
  }

  /** Such as "a WebP picture" or "an HTML page". */
  static String inWords(byte[] file) {
    String text = new String(file, 0, Math.min(512, file.length), StandardCharsets.ISO_8859_1);
    String mark = "\u00ef\u00bb\u00bf"; // a byte order mark in UTF-8
    String words = text.startsWith(mark) ? text.substring(mark.length()) : text;
    String trimmed = words.strip().toLowerCase(Locale.ROOT);
    if (trimmed.startsWith("<")) {
      boolean svg = trimmed.startsWith("<svg") || trimmed.contains("<svg ");
      return svg ? "an SVG drawing" : trimmed.contains("<html") ? "an HTML page" : "an XML text";
    }
    FileKind kind = of(text);
    return kind == UNKNOWN && text.chars().allMatch(FileKind::isText) ? "a text" : kind.words;
  }

  /** Whether the file begins as a JPEG does. */
  static boolean isJpeg(byte[] file) {
    return file.length > 2 && of(new String(file, 0, 3, StandardCharsets.ISO_8859_1)) == JPEG;
  }

  private static FileKind of(String text) {
    for (FileKind kind : values()) {
      for (String beginning : kind.beginnings) {
        if (text.startsWith(beginning, kind.offset)) {
          return kind;
        }
      }
    }
    return UNKNOWN;
  }

  private static boolean isText(int character) {
    return character >= ' ' || character == '\n' || character == '\r' || character == '\t';
  }
}
