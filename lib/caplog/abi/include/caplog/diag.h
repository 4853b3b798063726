/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Errors: one list of numbers, and messages without libc
 *
 * A function that fails returns a negative number of CAPLOG_ERRORS and fills a
 * struct caplog_diag, whose text names what failed and what to do about it.
 * <errno.h> and snprintf do not exist where the core runs.
 */
#ifndef CAPLOG_DIAG_H
#define CAPLOG_DIAG_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Every error number of the project: name, number, meaning. The numbers are
 * those of Linux, so that a host passes on what the system returns.
 */
#define CAPLOG_ERRORS(X)                                                              \
	X(ENOENT, 2, "does not exist")                                                      \
	X(EIO, 5, "input or output failed")                                                 \
	X(EAGAIN, 11, "not ready: try again")                                               \
	X(ENOMEM, 12, "out of memory")                                                      \
	X(EACCES, 13, "the component was never given this object")                          \
	X(EBUSY, 16, "busy: try again")                                                     \
	X(EEXIST, 17, "exists already")                                                     \
	X(EISDIR, 21, "is a directory")                                                     \
	X(EINVAL, 22, "invalid value")                                                      \
	X(EFBIG, 27, "too large")                                                           \
	X(ENOSPC, 28, "no space left")                                                      \
	X(ERANGE, 34, "number out of range")                                                \
	X(ENAMETOOLONG, 36, "name too long")                                                \
	X(ELOOP, 40, "too many symbolic links")                                             \
	X(ENODATA, 61, "no data")                                                           \
	X(EBADMSG, 74, "damaged data")                                                      \
	X(EOVERFLOW, 75, "too small for what has to be stored")                             \
	X(EPROTONOSUPPORT, 93, "unknown format version")                                    \
	X(ENOTSUP, 95, "not supported")                                                    

enum caplog_error {
#define X(name, number, text) CAPLOG_##name = -(number),
	CAPLOG_ERRORS(X)
#undef X
};

/* What went wrong, for a person; text is always terminated */
struct caplog_diag {
	int  error;              /* negative number of CAPLOG_ERRORS, 0: none */
	char text[160];
};

/*
 * Fill diag (may be NULL) and return error
 *
 * fmt knows %s, %u (uint32_t), %x (uint32_t, with 0x), %n (uint64_t) and %%;
 * text that does not fit is cut.
 */
int caplog_say(struct caplog_diag *diag, int error, const char *fmt, ...);

/* Meaning of an error number; never NULL */
const char *caplog_error_text(int error);

#ifdef __cplusplus
}
#endif

#endif
