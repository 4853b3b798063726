/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Integer types for the C parts, where there is no libc
 *
 * The compiler's own header looks for a libc's when it compiles C++. Types of 32
 * bits are those of Genode's base/stdint.h, since sources see both: for the
 * compiler arm-none-eabi they would be long.
 */
#ifndef CAPLOG_STDINT_H
#define CAPLOG_STDINT_H

typedef __INT8_TYPE__    int8_t;
typedef __INT16_TYPE__   int16_t;
typedef int              int32_t;
typedef __INT64_TYPE__   int64_t;
typedef __UINT8_TYPE__   uint8_t;
typedef __UINT16_TYPE__  uint16_t;
typedef unsigned         uint32_t;
typedef __UINT64_TYPE__  uint64_t;
typedef __INTPTR_TYPE__  intptr_t;
typedef __UINTPTR_TYPE__ uintptr_t;

#define UINT8_MAX  __UINT8_MAX__
#define UINT16_MAX __UINT16_MAX__
#define UINT32_MAX 0xffffffffu
#define UINT64_MAX __UINT64_MAX__

typedef char caplog_stdint_check[sizeof(uint32_t) == 4 ? 1 : -1];

#endif
