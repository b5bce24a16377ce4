/* libcuda: modules of PTX, kernels, launches. The machine of Java executes them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "standin.h"

enum { MOST_PARAMETERS = 64, MOST_PARAMETER_BYTES = 4096, LOG_BYTES = 4096, SHARED_BYTES = 49152 };

/* CUjit_option */
enum { JIT_INFO_LOG = 3, JIT_INFO_LOG_BYTES = 4, JIT_ERROR_LOG = 5, JIT_ERROR_LOG_BYTES = 6, JIT_MOST = 30 };

struct function {
  struct function *next;
  struct module *module;
  char name[128];
  int offsets[MOST_PARAMETERS];
  int sizes[MOST_PARAMETERS];
  int count;
  int shared;
};

struct module {
  struct module *next;
  long long number;
  struct function *functions;
};

static struct module *modules;
static long long last_number;

/* What libnvrtc.so's stand-in makes in place of machine code: this, a sum, and the PTX. */
static const char MACHINE_CODE[] = "\177ELFstand-in";

static unsigned sum_of(const char *text) {
  unsigned sum = 1;
  for (; *text; text++) sum = 31 * sum + (unsigned char)*text;
  return sum;
}

/* The PTX of an image; a code of CUDA's where it is none. */
static int text_of(const char *image, const char **ptx) {
  if (memcmp(image, MACHINE_CODE, 4) != 0) {
    *ptx = image;
    return CUDA_SUCCESS;
  }
  REQUIRE(memcmp(image, MACHINE_CODE, sizeof MACHINE_CODE - 1) == 0, CUDA_ERROR_NO_BINARY_FOR_GPU);
  char *end;
  unsigned long sum = strtoul(image + sizeof MACHINE_CODE - 1, &end, 16);
  REQUIRE(*end == '\n' && sum == sum_of(end + 1), CUDA_ERROR_INVALID_IMAGE);
  *ptx = end + 1;
  return CUDA_SUCCESS;
}

/* PTX 7.m needs a driver of CUDA 11.m; and the target must not be newer than the card. */
static int suits(const char *ptx) {
  const char *version = strstr(ptx, ".version"), *target = strstr(ptx, ".target");
  int major, minor, sm;
  REQUIRE(version && target, CUDA_ERROR_INVALID_IMAGE);
  REQUIRE(sscanf(version, ".version %d.%d", &major, &minor) == 2, CUDA_ERROR_INVALID_PTX);
  REQUIRE(sscanf(target, ".target sm_%d", &sm) == 1, CUDA_ERROR_INVALID_PTX);
  long long driver = standin_setting("AKIN_STANDIN_DRIVER", 11080);
  REQUIRE((major + 4) * 1000 + minor * 10 <= driver, CUDA_ERROR_UNSUPPORTED_PTX_VERSION);
  REQUIRE(sm <= standin_setting("AKIN_STANDIN_CAPABILITY", 86), CUDA_ERROR_NO_BINARY_FOR_GPU);
  return CUDA_SUCCESS;
}

static int load(void **made, const char *image, char *log) {
  REQUIRE(made && image, CUDA_ERROR_INVALID_VALUE);
  const char *ptx;
  int error = text_of(image, &ptx);
  if (!error) error = suits(ptx);
  REQUIRE(!error, error);
  REQUIRE(machine_load(last_number + 1, ptx, log, LOG_BYTES) == 0, CUDA_ERROR_INVALID_PTX);
  struct module *module = calloc(1, sizeof *module);
  module->number = ++last_number;
  module->next = modules;
  modules = module;
  standin_made(MODULE, module);
  *made = module;
  return CUDA_SUCCESS;
}

int cuModuleLoadData(void **module, const void *image) {
  ENTER_CONTEXT();
  char log[LOG_BYTES] = "";
  return load(module, image, log);
}

int cuModuleLoadDataEx(void **module, const void *image, unsigned count, const int *options,
                       void **values) {
  int refusal = standin_refusal();
  REQUIRE(!refusal, refusal);
  char log[LOG_BYTES] = "";
  char *to = NULL;
  size_t room = 0;
  void **written = NULL;
  for (unsigned i = 0; i < count; i++) {
    REQUIRE(options[i] >= 0 && options[i] <= JIT_MOST, CUDA_ERROR_INVALID_VALUE);
    if (options[i] == JIT_ERROR_LOG) to = values[i];
    if (options[i] == JIT_ERROR_LOG_BYTES) {
      room = (unsigned)(uintptr_t)values[i];
      written = &values[i];
    }
  }
  int error = standin_planned(__func__);
  if (error) {
    snprintf(log, sizeof log, "ptxas application ptx input, line 12; fatal   : Parsing error");
  } else {
    error = load(module, image, log);
  }
  if (to && room > 0) {
    snprintf(to, room, "%s", log);
    *written = (void *)(uintptr_t)(strlen(to) + 1);
  }
  return error;
}

static void end(struct module *module) {
  struct module **link = &modules;
  while (*link != module) link = &(*link)->next;
  *link = module->next;
  while (module->functions) {
    struct function *function = module->functions;
    module->functions = function->next;
    free(function);
  }
  machine_unload(module->number);
  free(module);
}

int cuModuleUnload(void *module) {
  ENTER_CONTEXT();
  REQUIRE(standin_is(MODULE, module), CUDA_ERROR_INVALID_HANDLE);
  int error = standin_drain_all();
  standin_gone(MODULE, module);
  end(module);
  return error;
}

void standin_end_modules(void) {
  while (modules) end(modules);
}

int cuModuleGetFunction(void **made, void *given, const char *name) {
  ENTER_CONTEXT();
  REQUIRE(made && name && *name, CUDA_ERROR_INVALID_VALUE);
  REQUIRE(standin_is(MODULE, given), CUDA_ERROR_INVALID_HANDLE);
  struct module *module = given;
  struct function *function = calloc(1, sizeof *function);
  snprintf(function->name, sizeof function->name, "%s", name);
  function->count = machine_kernel(module->number, name, function->offsets, function->sizes,
                                   MOST_PARAMETERS, &function->shared);
  if (function->count < 0) {
    free(function);
    return CUDA_ERROR_NOT_FOUND;
  }
  function->module = module;
  function->next = module->functions;
  module->functions = function;
  *made = function;
  return CUDA_SUCCESS;
}

static int known(const struct function *wanted) {
  for (struct module *m = modules; m; m = m->next) {
    for (struct function *f = m->functions; f; f = f->next) {
      if (f == wanted) return 1;
    }
  }
  return 0;
}

struct launch {
  struct function *function;
  int grid[7];
  int bytes;
  char parameters[];
};

static int run_launch(void *given) {
  struct launch *launch = given;
  return machine_launch(launch->function->module->number, launch->function->name, launch->grid,
                        launch->parameters, launch->bytes);
}

int cuLaunchKernel(void *given, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x,
                   unsigned block_y, unsigned block_z, unsigned shared, void *stream,
                   void **parameters, void **extra) {
  ENTER_CONTEXT();
  struct function *function = given;
  REQUIRE(known(function) && standin_stream_known(stream), CUDA_ERROR_INVALID_HANDLE);
  REQUIRE(!extra && (parameters || function->count == 0), CUDA_ERROR_INVALID_VALUE);
  REQUIRE(grid_x && grid_y && grid_z && block_x && block_y && block_z, CUDA_ERROR_INVALID_VALUE);
  REQUIRE(grid_x <= 0x7fffffff && grid_y <= 65535 && grid_z <= 65535, CUDA_ERROR_INVALID_VALUE);
  REQUIRE(block_x <= 1024 && block_y <= 1024 && block_z <= 64, CUDA_ERROR_INVALID_VALUE);
  REQUIRE(block_x * block_y * block_z <= 1024, CUDA_ERROR_INVALID_VALUE);
  REQUIRE(shared + (unsigned)function->shared <= SHARED_BYTES, CUDA_ERROR_INVALID_VALUE);
  struct {
    struct launch launch;
    char bytes[MOST_PARAMETER_BYTES];
  } now;
  memset(&now, 0, sizeof now);
  now.launch.function = function;
  int grid[] = {(int)grid_x, (int)grid_y, (int)grid_z, (int)block_x, (int)block_y, (int)block_z,
                (int)shared};
  memcpy(now.launch.grid, grid, sizeof grid);
  for (int i = 0; i < function->count; i++) {
    memcpy(now.launch.parameters + function->offsets[i], parameters[i], (size_t)function->sizes[i]);
    now.launch.bytes = function->offsets[i] + function->sizes[i];
  }
  int error = standin_make_room(stream);
  REQUIRE(!error, error);
  return standin_queue(stream, run_launch, &now, sizeof now.launch + (size_t)now.launch.bytes);
}
