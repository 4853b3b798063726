/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages without libc: the core runs where there is no snprintf */
#ifndef CAPLOG_DIAG_H
#define CAPLOG_DIAG_H

#include <caplog/reader.h>

/* errno values, as Linux numbers them; <errno.h> is not freestanding */
enum {
	CAPLOG_ENOENT          = -2,
	CAPLOG_EAGAIN          = -11,
	CAPLOG_EINVAL          = -22,
	CAPLOG_EOVERFLOW       = -75,
	CAPLOG_EPROTONOSUPPORT = -93,
	CAPLOG_ENOTSUP         = -95
};

/*
 * Fill diag (may be NULL) and return error
 *
 * fmt knows %s, %u (uint32_t), %x (uint32_t, with 0x), %n (uint64_t) and %%;
 * text that does not fit is cut.
 */
#ifdef __cplusplus
extern "C"
#endif
int caplog_say(struct caplog_diag *diag, int error, const char *fmt, ...);

#endif
