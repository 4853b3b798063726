/* SPDX-License-Identifier: BSD-2-Clause */
#include "t_check.h"

#include <stdio.h>
#include <unistd.h>

static void print(char const *name, T_check::Value const &v)
{
	if (v.known)
		fprintf(stderr, "  %s is %lld (0x%llx)\n", name, v.number, (unsigned long long)v.number);
}

void check_failed(char const *file, int line, char const *what, T_check::Result const &values)
{
	fprintf(stderr, "%s:%d: not true: %s\n", file, line, what);
	print("left", values.left);
	print("right", values.right);
	_exit(1);
}
