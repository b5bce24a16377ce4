/* What tests plan and count: failures by function and call, and everything that lives. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "standin.h"

enum { MOST_RULES = 32 };

struct rule {
  char function[64];
  long call;
  long seen;
  int code;
  int lasting;
};

static struct rule rules[MOST_RULES];
static int rule_count = -1;

static void parse(const char *text) {
  rule_count = 0;
  while (text && *text && rule_count < MOST_RULES) {
    struct rule *rule = &rules[rule_count];
    char mark = 0;
    memset(rule, 0, sizeof *rule);
    if (sscanf(text, "%63[^:]:%ld:%d%c", rule->function, &rule->call, &rule->code, &mark) < 3) {
      fprintf(stderr, "stand-in: AKIN_STANDIN_FAIL wants NAME:N:CODE, not %s\n", text);
      exit(3);
    }
    rule->lasting = mark == '!';
    rule_count++;
    text = strchr(text, ',');
    text = text ? text + 1 : NULL;
  }
}

/* Sets a variable while the program runs; failures are planned anew, their calls counted from 0. */
void standin_configure(const char *name, const char *value) {
  setenv(name, value, 1);
  if (strcmp(name, "AKIN_STANDIN_FAIL") == 0) parse(value);
}

long long standin_setting(const char *name, long long otherwise) {
  const char *value = getenv(name);
  return value && *value ? atoll(value) : otherwise;
}

/* Whether the function is the rule's, whose name leaves a version's ending out. */
static int names(const struct rule *rule, const char *function) {
  size_t length = strlen(rule->function);
  return strncmp(rule->function, function, length) == 0 &&
         (function[length] == 0 || strcmp(function + length, "_v2") == 0);
}

int standin_planned(const char *function) {
  if (rule_count < 0) parse(getenv("AKIN_STANDIN_FAIL"));
  for (int i = 0; i < rule_count; i++) {
    struct rule *rule = &rules[i];
    if (!names(rule, function)) continue;
    rule->seen++;
    if (rule->call == 0 || rule->call == rule->seen) {
      if (rule->lasting) standin_lose(rule->code);
      return rule->code;
    }
  }
  return 0;
}

static struct {
  const void **handles;
  int count;
  int room;
} living[KINDS];

void standin_made(enum kind kind, const void *handle) {
  if (living[kind].count == living[kind].room) {
    living[kind].room = 2 * living[kind].room + 16;
    living[kind].handles =
        realloc(living[kind].handles, (size_t)living[kind].room * sizeof *living[kind].handles);
  }
  living[kind].handles[living[kind].count++] = handle;
}

static int place(enum kind kind, const void *handle) {
  for (int i = living[kind].count - 1; i >= 0; i--) {
    if (living[kind].handles[i] == handle) return i;
  }
  return -1;
}

int standin_is(enum kind kind, const void *handle) { return place(kind, handle) >= 0; }

int standin_gone(enum kind kind, const void *handle) {
  int i = place(kind, handle);
  if (i < 0) return 0;
  living[kind].handles[i] = living[kind].handles[--living[kind].count];
  return 1;
}

static int leaked[KINDS];

int standin_live(enum kind kind) { return living[kind].count + leaked[kind]; }

void standin_end_context(int was_lost) {
  for (enum kind kind = ALLOCATION; kind <= MODULE; kind++) {
    if (!was_lost) leaked[kind] += living[kind].count;
    living[kind].count = 0;
  }
}
