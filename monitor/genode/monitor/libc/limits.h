/* SPDX-License-Identifier: BSD-2-Clause */
/* The compiler's own wants a C library's */
#ifndef CAPLOG_LIBC_LIMITS_H
#define CAPLOG_LIBC_LIMITS_H

#define CHAR_BIT   __CHAR_BIT__
#define UINT_MAX   (2u*__INT_MAX__ + 1)
#define ULLONG_MAX (2ull*__LONG_LONG_MAX__ + 1)

#endif
