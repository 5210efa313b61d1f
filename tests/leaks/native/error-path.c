// SPDX-License-Identifier: MIT
// leak: load_document
// One of ten documents cannot be read; then the buffer is forgotten.
#include "work.h"

FUNCTION char* load_document(unsigned id) {
  char* buffer = malloc(1500);
  if (buffer == NULL) return NULL;
  if (id % 10 == 3) return NULL;
  snprintf(buffer, 1500, "document %u", id);
  return buffer;
}

int main(void) {
  size_t sum = 0;
  for (unsigned i = 0; i < requests; ++i) {
    for (unsigned k = 0; k < 4; ++k) {
      char* document = load_document(4 * i + k);
      if (document != NULL) sum += strlen(document);
      free(document);
    }
    wait_for_request();
  }
  return sum > 0 ? 0 : 1;
}
