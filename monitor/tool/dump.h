/* SPDX-License-Identifier: BSD-2-Clause */
/* What is readable of bytes that may be damaged */
#ifndef DUMP_H
#define DUMP_H

#include "tool.h"

struct dump {
	const uint8_t *bytes;
	uint64_t size;
	uint32_t problems;
};

/* Print what is wrong at an offset, and count it */
void dump_problem(struct dump *d, uint64_t at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Heading of a part */
void dump_part(uint64_t at, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

void dump_log(struct dump *d);
void dump_image(struct dump *d);

#endif
