/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stored logs and other files (hosted part, uses libc)
 *
 * A log at rest carries a seal: XXH64 over all its bytes. A file that was cut,
 * extended or changed in one bit is recognised before anything of
 * it is believed. A live log has no seal, since it changes with every event.
 */
#ifndef CAPLOG_FILE_H
#define CAPLOG_FILE_H

#include <caplog/reader.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Seal a log that has no writer any more
 *
 * \param log   formatted by caplog_format; 8-byte aligned
 * \return      the bytes of the log, which are the ones to store: what lies
 *              after them in the dataspace is no part of it; 0 if `size`
 *              does not hold the log that the header describes
 */
size_t caplog_seal(void *log, size_t size);

/*
 * Is a stored log what was sealed?
 *
 * Says nothing about the version or the contents: see caplog_reader_open.
 *
 * \param log   8-byte aligned
 * \return      0; -ENODATA (no seal: the copy of a live log); -EBADMSG (cut,
 *              extended or changed); both with diag
 */
int caplog_seal_check(const void *log, size_t size, struct caplog_diag *diag);

/*
 * Read a whole file
 *
 * \param path  "-" is standard input
 * \param max   more bytes than these are refused
 * \param data  receives the bytes and one zero byte after them; the caller
 *              calls free()
 * \return      0; negative errno with diag, which does not name the file
 */
int caplog_read_file(const char *path, size_t max, uint8_t **data, size_t *size,
                     struct caplog_diag *diag);

/*
 * Write a whole file: it is there with all its bytes, on the disk, or as before
 *
 * The bytes go to a new file in the same directory, which then takes the place
 * of the old one and its access rights. What is not a regular file (a pipe, a
 * device) is written to as it is.
 *
 * \param path  "-" is standard output
 * \return      0; negative errno with diag, which does not name the file
 */
int caplog_write_file(const char *path, const void *data, size_t size,
                      struct caplog_diag *diag);

#ifdef __cplusplus
}
#endif

#endif
