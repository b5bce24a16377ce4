/*
 * Stand-ins for NVIDIA's libcuda.so.1, libcublas.so.11, libcudnn.so.8 and libnvrtc.so.11.2, for
 * tests only: memory of the host for the card's, plain loops for cuBLAS and cuDNN, and PTX that Java
 * executes. They refuse what NVIDIA's documentation says the real ones refuse, and like those they
 * work later: what is queued on a stream is done when somebody waits for it, so that memory which is
 * given back or written again too early shows.
 *
 * No header of NVIDIA's is used; names and numbers are those of the documentation. What is not
 * needed by Akin is left out: JCuda's natives find their functions when they first call them.
 *
 * Environment:
 *   AKIN_STANDIN_MEMORY      bytes of the card (1 GiB)
 *   AKIN_STANDIN_DRIVER      CUDA version that the driver tells (11080)
 *   AKIN_STANDIN_CARDS       how many cards there are (1)
 *   AKIN_STANDIN_CAPABILITY  compute capability, 10·major + minor (86)
 *   AKIN_STANDIN_FAIL        planned failures: NAME:N:CODE, separated by commas. The Nth call (from
 *                            1; 0 for each) of the function NAME (without _v2) returns CODE; with
 *                            CODE! the context is lost from then on, and all calls return CODE.
 */
#ifndef AKIN_STANDIN_H
#define AKIN_STANDIN_H

#include <stddef.h>
#include <stdint.h>

enum {
  CUDA_SUCCESS = 0,
  CUDA_ERROR_INVALID_VALUE = 1,
  CUDA_ERROR_OUT_OF_MEMORY = 2,
  CUDA_ERROR_NOT_INITIALIZED = 3,
  CUDA_ERROR_NO_DEVICE = 100,
  CUDA_ERROR_INVALID_DEVICE = 101,
  CUDA_ERROR_INVALID_IMAGE = 200,
  CUDA_ERROR_INVALID_CONTEXT = 201,
  CUDA_ERROR_NO_BINARY_FOR_GPU = 209,
  CUDA_ERROR_INVALID_PTX = 218,
  CUDA_ERROR_UNSUPPORTED_PTX_VERSION = 222,
  CUDA_ERROR_INVALID_HANDLE = 400,
  CUDA_ERROR_NOT_FOUND = 500,
  CUDA_ERROR_NOT_READY = 600,
  CUDA_ERROR_ILLEGAL_ADDRESS = 700,
  CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES = 701,
  CUDA_ERROR_LAUNCH_FAILED = 719,
  CUDA_ERROR_NOT_SUPPORTED = 801,
  CUDA_ERROR_UNKNOWN = 999
};

/* What can be made and must be given back. */
enum kind { CONTEXT, ALLOCATION, PINNED, STREAM, EVENT, MODULE, CUBLAS, CUDNN, DESCRIPTOR, KINDS };

/* ---- planned failures and what lives (control.c) ---- */

/* A number of the environment, or of standin_configure since. */
long long standin_setting(const char *name, long long otherwise);

/* The code that this call was planned to fail with, or 0. */
int standin_planned(const char *function);

/* Remembers a thing that was made, or forgets it; forgetting what is not there returns 0. */
void standin_made(enum kind kind, const void *handle);
int standin_gone(enum kind kind, const void *handle);
int standin_is(enum kind kind, const void *handle);
/* How many live, and how many a context took along that should have been given back before. */
int standin_live(enum kind kind);

/* The context ends; of one that was lost nothing could be given back. */
void standin_end_context(int was_lost);

/* ---- the context (device.c) ---- */

/* 0, or why no call of this thread can do anything: no cuInit, no context, a context that is lost. */
int standin_refusal(void);

/* The context is lost: nothing but this code comes from it. */
void standin_lose(int code);

int standin_lost(void);

/* ---- memory (memory.c) ---- */

/* Whether all bytes lie in one piece of the card's memory. */
int standin_on_card(const void *address, size_t bytes);

/* The context ends, and all its memory. */
void standin_end_memory(void);

/* ---- streams (stream.c) ---- */

/* Queues work with a copy of its arguments; on the default stream (NULL) it is done at once. */
int standin_queue(void *stream, int (*work)(void *), const void *arguments, size_t bytes);

/*
 * Does the oldest work of a stream that is full. Not for functions which JCuda calls while it holds
 * arrays of Java's in place: work calls Java, which must not allocate then.
 */
int standin_make_room(void *stream);

/* Whether it is the default stream or one that lives. */
int standin_stream_known(const void *stream);

/* Does all that is queued on one stream, or on all; returns the error of it. */
int standin_drain(void *stream);
int standin_drain_all(void);
void standin_end_streams(void);

/* ---- modules (module.c) ---- */

void standin_end_modules(void);

/* ---- the machine for PTX, in Java (machine.c) ---- */

void machine_attach(void *address, size_t bytes);
void machine_detach(void *address);

/* Parses; 0, or -1 with the reason. */
int machine_load(long long module, const char *ptx, char *log, size_t log_bytes);
void machine_unload(long long module);

/* Offset and size of each parameter, then the shared memory that the kernel declares; -1 if there
 * is no such kernel. */
int machine_kernel(long long module, const char *name, int *offsets, int *sizes, int most,
                   int *shared);
int machine_launch(long long module, const char *name, const int *grid, const void *parameters,
                   int bytes);

/* Every function begins so: a planned failure of it comes out. */
#define ENTER()                              \
  do {                                       \
    int planned = standin_planned(__func__); \
    if (planned) return planned;             \
  } while (0)

/* So begin those that need a context. */
#define ENTER_CONTEXT()              \
  do {                               \
    ENTER();                         \
    int refusal = standin_refusal(); \
    if (refusal) return refusal;     \
  } while (0)

#define REQUIRE(condition, code)   \
  do {                             \
    if (!(condition)) return code; \
  } while (0)

#endif
