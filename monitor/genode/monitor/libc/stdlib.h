/* SPDX-License-Identifier: BSD-2-Clause */
/* Declared for functions of xxHash that are not called */
#ifndef CAPLOG_LIBC_STDLIB_H
#define CAPLOG_LIBC_STDLIB_H

#include <stddef.h>

void *malloc(size_t size);
void  free(void *at);

#endif
