/*
 * NVRTC 11.8's shape: what it "compiles" is the PTX which the folder AKIN_STANDIN_PTX has beside the
 * source of that name, wrapped so that libcuda's stand-in takes it for machine code (module.c).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "standin.h"

enum { SUCCESS = 0, INVALID_INPUT = 3, INVALID_PROGRAM = 4, COMPILATION = 6 };

struct program {
  char name[256];
  char log[1024];
  char *code;
  size_t bytes;
};

int nvrtcVersion(int *major, int *minor) {
  *major = 11;
  *minor = 8;
  return SUCCESS;
}

int nvrtcGetNumSupportedArchs(int *count) {
  *count = 2;
  return SUCCESS;
}

int nvrtcGetSupportedArchs(int *numbers) {
  numbers[0] = 75;
  numbers[1] = 86;
  return SUCCESS;
}

const char *nvrtcGetErrorString(int code) {
  return code == SUCCESS ? "NVRTC_SUCCESS" : code == COMPILATION ? "NVRTC_ERROR_COMPILATION" : "NVRTC_ERROR";
}

int nvrtcCreateProgram(struct program **made, const char *source, const char *name, int headers,
                       const char *const *texts, const char *const *names) {
  ENTER();
  (void)texts, (void)names;
  REQUIRE(made && source && name && headers == 0, INVALID_INPUT);
  *made = calloc(1, sizeof **made);
  snprintf((*made)->name, sizeof (*made)->name, "%s", name);
  return SUCCESS;
}

static char *file(const char *name, size_t *bytes) {
  char path[1024];
  const char *folder = getenv("AKIN_STANDIN_PTX");
  size_t stem = strcspn(name, ".");
  snprintf(path, sizeof path, "%s/%.*s.ptx", folder ? folder : ".", (int)stem, name);
  FILE *from = fopen(path, "rb");
  if (!from) return NULL;
  fseek(from, 0, SEEK_END);
  *bytes = (size_t)ftell(from);
  rewind(from);
  char *text = calloc(1, *bytes + 1);
  *bytes = fread(text, 1, *bytes, from);
  fclose(from);
  return text;
}

static int compile(struct program *program) {
  size_t bytes;
  char *ptx = file(program->name, &bytes);
  if (!ptx) return COMPILATION;
  unsigned sum = 1;
  for (const char *text = ptx; *text; text++) sum = 31 * sum + (unsigned char)*text;
  program->code = calloc(1, bytes + 64);
  int head = sprintf(program->code, "\177ELFstand-in%x\n", sum);
  memcpy(program->code + head, ptx, bytes);
  program->bytes = (size_t)head + bytes + 1;
  free(ptx);
  return SUCCESS;
}

/* A planned failure is a mistake in the source's second line. */
int nvrtcCompileProgram(struct program *program, int count, const char *const *options) {
  REQUIRE(program && (count == 0 || options), INVALID_PROGRAM);
  int error = standin_planned(__func__);
  if (!error) error = compile(program);
  if (error) {
    snprintf(program->log, sizeof program->log,
             "%s(2): error: expected a \";\"\n\n1 error detected in the compilation of \"%s\".\n",
             program->name, program->name);
  }
  return error;
}

int nvrtcGetProgramLogSize(struct program *program, size_t *bytes) {
  *bytes = strlen(program->log) + 1;
  return SUCCESS;
}

int nvrtcGetProgramLog(struct program *program, char *log) {
  strcpy(log, program->log);
  return SUCCESS;
}

int nvrtcGetCUBINSize(struct program *program, size_t *bytes) {
  *bytes = program->bytes;
  return SUCCESS;
}

int nvrtcGetCUBIN(struct program *program, char *code) {
  REQUIRE(program->code, INVALID_PROGRAM);
  memcpy(code, program->code, program->bytes);
  return SUCCESS;
}

int nvrtcDestroyProgram(struct program **program) {
  REQUIRE(program && *program, INVALID_PROGRAM);
  free((*program)->code);
  free(*program);
  *program = NULL;
  return SUCCESS;
}
