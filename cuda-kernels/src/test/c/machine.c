/*
 * The way back into Java: what libcuda cannot do itself, the class StandInCard of the tests does by
 * the PTX machine. Java calls JNI_OnLoad when it loads this library.
 */
#include <jni.h>
#include <stdio.h>
#include <string.h>

#include "standin.h"

#define JAVA_CLASS "akin/tests/StandInCard"

static JavaVM *vm;
static jclass card;
static jmethodID attach, detach, load, unload, kernel, launch;

jint JNI_OnLoad(JavaVM *given, void *reserved) {
  (void)reserved;
  vm = given;
  JNIEnv *env;
  if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_1_8) != JNI_OK) return JNI_ERR;
  jclass found = (*env)->FindClass(env, JAVA_CLASS);
  if (!found) return JNI_ERR;
  card = (*env)->NewGlobalRef(env, found);
  attach = (*env)->GetStaticMethodID(env, card, "attach", "(JLjava/nio/ByteBuffer;)V");
  detach = (*env)->GetStaticMethodID(env, card, "detach", "(J)V");
  load = (*env)->GetStaticMethodID(env, card, "load", "(JLjava/lang/String;)Ljava/lang/String;");
  unload = (*env)->GetStaticMethodID(env, card, "unload", "(J)V");
  kernel = (*env)->GetStaticMethodID(env, card, "kernel", "(JLjava/lang/String;)[I");
  launch = (*env)->GetStaticMethodID(env, card, "launch", "(JLjava/lang/String;[I[B)I");
  return launch ? JNI_VERSION_1_8 : JNI_ERR;
}

static JNIEnv *environment(void) {
  JNIEnv *env = NULL;
  if (!vm || (*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_1_8) != JNI_OK) return NULL;
  return env;
}

/* Whether Java threw; it is printed, for it is a mistake of the test's. */
static int threw(JNIEnv *env) {
  if (!(*env)->ExceptionCheck(env)) return 0;
  (*env)->ExceptionDescribe(env);
  (*env)->ExceptionClear(env);
  return 1;
}

void machine_attach(void *address, size_t bytes) {
  JNIEnv *env = environment();
  if (!env) return;
  jobject buffer = (*env)->NewDirectByteBuffer(env, address, (jlong)bytes);
  (*env)->CallStaticVoidMethod(env, card, attach, (jlong)(uintptr_t)address, buffer);
  (*env)->DeleteLocalRef(env, buffer);
  threw(env);
}

void machine_detach(void *address) {
  JNIEnv *env = environment();
  if (!env) return;
  (*env)->CallStaticVoidMethod(env, card, detach, (jlong)(uintptr_t)address);
  threw(env);
}

int machine_load(long long module, const char *ptx, char *log, size_t log_bytes) {
  JNIEnv *env = environment();
  if (!env) return -1;
  jstring text = (*env)->NewStringUTF(env, ptx);
  jstring refused = (*env)->CallStaticObjectMethod(env, card, load, (jlong)module, text);
  int failed = threw(env);
  if (!failed && refused) {
    const char *reason = (*env)->GetStringUTFChars(env, refused, NULL);
    snprintf(log, log_bytes, "%s", reason);
    (*env)->ReleaseStringUTFChars(env, refused, reason);
    (*env)->DeleteLocalRef(env, refused);
    failed = 1;
  }
  (*env)->DeleteLocalRef(env, text);
  return failed ? -1 : 0;
}

void machine_unload(long long module) {
  JNIEnv *env = environment();
  if (!env) return;
  (*env)->CallStaticVoidMethod(env, card, unload, (jlong)module);
  threw(env);
}

int machine_kernel(long long module, const char *name, int *offsets, int *sizes, int most,
                   int *shared) {
  JNIEnv *env = environment();
  if (!env) return -1;
  jstring text = (*env)->NewStringUTF(env, name);
  jintArray found = (*env)->CallStaticObjectMethod(env, card, kernel, (jlong)module, text);
  (*env)->DeleteLocalRef(env, text);
  if (threw(env) || !found) return -1;
  int count = (*env)->GetArrayLength(env, found) / 2;
  if (count > most) return -1;
  jint *numbers = (*env)->GetIntArrayElements(env, found, NULL);
  *shared = numbers[0];
  for (int i = 0; i < count; i++) {
    offsets[i] = numbers[1 + 2 * i];
    sizes[i] = numbers[2 + 2 * i];
  }
  (*env)->ReleaseIntArrayElements(env, found, numbers, JNI_ABORT);
  (*env)->DeleteLocalRef(env, found);
  return count;
}

int machine_launch(long long module, const char *name, const int *grid, const void *parameters,
                   int bytes) {
  JNIEnv *env = environment();
  if (!env) return CUDA_ERROR_NOT_SUPPORTED;
  jstring text = (*env)->NewStringUTF(env, name);
  jintArray sizes = (*env)->NewIntArray(env, 7);
  jbyteArray packed = (*env)->NewByteArray(env, bytes);
  (*env)->SetIntArrayRegion(env, sizes, 0, 7, grid);
  (*env)->SetByteArrayRegion(env, packed, 0, bytes, parameters);
  jint code =
      (*env)->CallStaticIntMethod(env, card, launch, (jlong)module, text, sizes, packed);
  if (threw(env)) code = CUDA_ERROR_LAUNCH_FAILED;
  (*env)->DeleteLocalRef(env, packed);
  (*env)->DeleteLocalRef(env, sizes);
  (*env)->DeleteLocalRef(env, text);
  return code;
}

/* ---- what tests ask and set ---- */

void standin_configure(const char *name, const char *value);

JNIEXPORT void JNICALL Java_akin_tests_StandInCard_configure(JNIEnv *env, jclass c, jstring name,
                                                             jstring value) {
  (void)c;
  const char *n = (*env)->GetStringUTFChars(env, name, NULL);
  const char *v = (*env)->GetStringUTFChars(env, value, NULL);
  standin_configure(n, v);
  (*env)->ReleaseStringUTFChars(env, value, v);
  (*env)->ReleaseStringUTFChars(env, name, n);
}

JNIEXPORT jint JNICALL Java_akin_tests_StandInCard_live(JNIEnv *env, jclass c, jint kind) {
  (void)env, (void)c;
  return standin_live((enum kind)kind);
}
