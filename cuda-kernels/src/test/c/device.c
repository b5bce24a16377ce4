/* libcuda: versions, cards, the primary context, names of errors. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "standin.h"

static int initialised;
static int retained;
static int lost;
static char context; /* its address is the primary context of the only card that works */
static __thread void *current;

int cuDriverGetVersion(int *version) {
  ENTER();
  REQUIRE(version, CUDA_ERROR_INVALID_VALUE);
  *version = (int)standin_setting("AKIN_STANDIN_DRIVER", 11080);
  return CUDA_SUCCESS;
}

static int cards(void) { return (int)standin_setting("AKIN_STANDIN_CARDS", 1); }

int cuInit(unsigned flags) {
  ENTER();
  REQUIRE(flags == 0, CUDA_ERROR_INVALID_VALUE);
  REQUIRE(cards() > 0, CUDA_ERROR_NO_DEVICE);
  initialised = 1;
  return CUDA_SUCCESS;
}

int cuDeviceGetCount(int *count) {
  ENTER();
  REQUIRE(initialised, CUDA_ERROR_NOT_INITIALIZED);
  REQUIRE(count, CUDA_ERROR_INVALID_VALUE);
  *count = cards();
  return CUDA_SUCCESS;
}

int cuDeviceGet(int *device, int ordinal) {
  ENTER();
  REQUIRE(initialised, CUDA_ERROR_NOT_INITIALIZED);
  REQUIRE(device, CUDA_ERROR_INVALID_VALUE);
  REQUIRE(ordinal >= 0 && ordinal < cards(), CUDA_ERROR_INVALID_DEVICE);
  *device = ordinal;
  return CUDA_SUCCESS;
}

#define REQUIRE_DEVICE(device)                           \
  do {                                                   \
    REQUIRE(initialised, CUDA_ERROR_NOT_INITIALIZED);    \
    REQUIRE((device) >= 0 && (device) < cards(), CUDA_ERROR_INVALID_DEVICE); \
  } while (0)

int cuDeviceGetName(char *name, int length, int device) {
  ENTER();
  REQUIRE_DEVICE(device);
  REQUIRE(name && length > 0, CUDA_ERROR_INVALID_VALUE);
  snprintf(name, (size_t)length, "Stand-in card");
  return CUDA_SUCCESS;
}

int cuDeviceTotalMem_v2(size_t *bytes, int device) {
  ENTER();
  REQUIRE_DEVICE(device);
  REQUIRE(bytes, CUDA_ERROR_INVALID_VALUE);
  *bytes = (size_t)standin_setting("AKIN_STANDIN_MEMORY", 1LL << 30);
  return CUDA_SUCCESS;
}

/* The numbers of a card of capability 8.6, by the numbers that CUdevice_attribute gives them. */
int cuDeviceGetAttribute(int *value, int attribute, int device) {
  static const int known[][2] = {
      {1, 1024},        {2, 1024},  {3, 1024},     {4, 64},    {5, 2147483647}, {6, 65535},
      {7, 65535},       {8, 49152}, {9, 65536},    {10, 32},   {11, 2147483647}, {12, 65536},
      {13, 1695000},    {16, 30},   {36, 7001000}, {37, 256},  {38, 4 << 20},   {39, 1536},
      {81, 102400},     {82, 65536}, {97, 101376},
  };
  ENTER();
  REQUIRE_DEVICE(device);
  REQUIRE(value, CUDA_ERROR_INVALID_VALUE);
  int capability = (int)standin_setting("AKIN_STANDIN_CAPABILITY", 86);
  if (attribute == 75 || attribute == 76) {
    *value = attribute == 75 ? capability / 10 : capability % 10;
    return CUDA_SUCCESS;
  }
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (known[i][0] == attribute) {
      *value = known[i][1];
      return CUDA_SUCCESS;
    }
  }
  return CUDA_ERROR_INVALID_VALUE;
}

int cuDevicePrimaryCtxRetain(void **made, int device) {
  ENTER();
  REQUIRE_DEVICE(device);
  REQUIRE(made, CUDA_ERROR_INVALID_VALUE);
  REQUIRE(!lost, lost);
  if (retained++ == 0) standin_made(CONTEXT, &context);
  *made = &context;
  return CUDA_SUCCESS;
}

/* The last release destroys the context and all that is left in it. */
int cuDevicePrimaryCtxRelease_v2(int device) {
  ENTER();
  REQUIRE_DEVICE(device);
  REQUIRE(retained > 0, CUDA_ERROR_INVALID_CONTEXT);
  if (--retained == 0) {
    standin_gone(CONTEXT, &context);
    standin_end_streams();
    standin_end_modules();
    standin_end_memory();
    standin_end_context(lost);
    lost = 0;
  }
  return CUDA_SUCCESS;
}

int cuCtxSetCurrent(void *wanted) {
  ENTER();
  REQUIRE(initialised, CUDA_ERROR_NOT_INITIALIZED);
  REQUIRE(!wanted || standin_is(CONTEXT, wanted), CUDA_ERROR_INVALID_CONTEXT);
  current = wanted;
  return CUDA_SUCCESS;
}

int cuCtxGetCurrent(void **got) {
  ENTER();
  REQUIRE(initialised, CUDA_ERROR_NOT_INITIALIZED);
  REQUIRE(got, CUDA_ERROR_INVALID_VALUE);
  *got = current;
  return CUDA_SUCCESS;
}

int cuCtxSynchronize(void) {
  ENTER_CONTEXT();
  return standin_drain_all();
}

int standin_refusal(void) {
  REQUIRE(initialised, CUDA_ERROR_NOT_INITIALIZED);
  REQUIRE(current && standin_is(CONTEXT, current), CUDA_ERROR_INVALID_CONTEXT);
  return lost;
}

void standin_lose(int code) {
  if (!lost) lost = code;
}

int standin_lost(void) { return lost; }

/* ---- names of errors ---- */

static const struct {
  int code;
  const char *name;
  const char *text;
} errors[] = {
    {CUDA_SUCCESS, "CUDA_SUCCESS", "no error"},
    {CUDA_ERROR_INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {CUDA_ERROR_OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {CUDA_ERROR_NOT_INITIALIZED, "CUDA_ERROR_NOT_INITIALIZED", "initialization error"},
    {34, "CUDA_ERROR_STUB_LIBRARY", "CUDA driver is a stub library"},
    {CUDA_ERROR_NO_DEVICE, "CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"},
    {CUDA_ERROR_INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
    {CUDA_ERROR_INVALID_IMAGE, "CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"},
    {CUDA_ERROR_INVALID_CONTEXT, "CUDA_ERROR_INVALID_CONTEXT", "invalid device context"},
    {CUDA_ERROR_NO_BINARY_FOR_GPU, "CUDA_ERROR_NO_BINARY_FOR_GPU",
     "no kernel image is available for execution on the device"},
    {214, "CUDA_ERROR_ECC_UNCORRECTABLE", "uncorrectable ECC error encountered"},
    {CUDA_ERROR_INVALID_PTX, "CUDA_ERROR_INVALID_PTX", "a PTX JIT compilation failed"},
    {CUDA_ERROR_UNSUPPORTED_PTX_VERSION, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION",
     "the provided PTX was compiled with an unsupported toolchain."},
    {CUDA_ERROR_INVALID_HANDLE, "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"},
    {CUDA_ERROR_NOT_FOUND, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
    {CUDA_ERROR_NOT_READY, "CUDA_ERROR_NOT_READY", "device not ready"},
    {CUDA_ERROR_ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS",
     "an illegal memory access was encountered"},
    {CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES",
     "too many resources requested for launch"},
    {716, "CUDA_ERROR_MISALIGNED_ADDRESS", "misaligned address"},
    {CUDA_ERROR_LAUNCH_FAILED, "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"},
    {CUDA_ERROR_NOT_SUPPORTED, "CUDA_ERROR_NOT_SUPPORTED", "operation not supported"},
    {CUDA_ERROR_UNKNOWN, "CUDA_ERROR_UNKNOWN", "unknown error"},
};

static int told(int code, const char **to, int name) {
  REQUIRE(to, CUDA_ERROR_INVALID_VALUE);
  for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
    if (errors[i].code == code) {
      *to = name ? errors[i].name : errors[i].text;
      return CUDA_SUCCESS;
    }
  }
  *to = NULL;
  return CUDA_ERROR_INVALID_VALUE;
}

int cuGetErrorName(int code, const char **name) { return told(code, name, 1); }

int cuGetErrorString(int code, const char **text) { return told(code, text, 0); }
