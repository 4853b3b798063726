/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fault points: operations of the platform that can fail, by name
 *
 * A platform, or a test in front of one, lets one of them fail once, as it
 * would without memory or when core refuses. The engine knows nothing of that.
 */
#ifndef CAPLOG_FAULT_H
#define CAPLOG_FAULT_H

#include "platform.h"

/* What a failing operation says */
static inline int caplog_injected(struct caplog_diag *diag)
{
	return caplog_say(diag, CAPLOG_EIO, "injected fault");
}

/* Operation of struct caplog_platform, type, parameters, arguments, what a failure returns */
#define CAPLOG_FAULT_POINTS(X)                                                                  \
	X(keep, int, (void *c, void *t, uint32_t s, const uint64_t *l, uint64_t *f,                 \
	  struct caplog_diag *d), (c, t, s, l, f, d), caplog_injected(d))                           \
	X(accepts, int, (void *c, const char *n, const struct caplog_ledger *l,                     \
	  struct caplog_diag *d), (c, n, l, d), caplog_injected(d))                                 \
	X(create, int, (void *c, const char *n, struct caplog_ledger *l, void **t,                  \
	  struct caplog_diag *d), (c, n, l, t, d), caplog_injected(d))                              \
	X(make_memory, int, (void *c, void *t, struct caplog_object *o, struct caplog_diag *d),     \
	  (c, t, o, d), caplog_injected(d))                                                         \
	X(make_thread, int, (void *c, void *t, uint32_t s, uint32_t *b, struct caplog_diag *d),     \
	  (c, t, s, b, d), caplog_injected(d))                                                      \
	X(drop_thread, int, (void *c, void *t, uint32_t s), (c, t, s), CAPLOG_EIO)                  \
	X(make_gates, int, (void *c, void *t, uint32_t e, struct caplog_object *const *o,           \
	  uint32_t n, struct caplog_diag *d), (c, t, e, o, n, d), caplog_injected(d))               \
	X(make, int, (void *c, void *t, struct caplog_object *o, const struct caplog_state *s,      \
	  uint64_t n, struct caplog_diag *d), (c, t, o, s, n, d), caplog_injected(d))               \
	X(share, int, (void *c, void *t, struct caplog_object *r, const struct caplog_owned *o,     \
	  struct caplog_diag *d), (c, t, r, o, d), caplog_injected(d))                              \
	X(install, int, (void *c, void *t, uint32_t s, uint64_t a, const struct caplog_owned *o,    \
	  uint64_t *b, struct caplog_diag *d), (c, t, s, a, o, b, d), (*b = 0, caplog_injected(d))) \
	X(attach_irq, int, (void *c, void *t, uint32_t i, uint32_t s, uint64_t l,                   \
	  struct caplog_diag *d), (c, t, i, s, l, d), caplog_injected(d))                           \
	X(registers, int, (void *c, void *t, const struct caplog_image_thread *th,                  \
	  const uint64_t *l, uint64_t u, uint64_t o, struct caplog_diag *d),                        \
	  (c, t, th, l, u, o, d), caplog_injected(d))                                               \
	X(start, int, (void *c, void *t, uint32_t s, struct caplog_diag *d), (c, t, s, d),          \
	  caplog_injected(d))                                                                       \
	X(bytes, void *, (void *c, void *t, const struct caplog_object *o), (c, t, o), NULL)        \
	X(look, uint64_t, (void *c, void *t, uint32_t s, uint64_t a, const struct caplog_owned *o,  \
	  uint64_t *b), (c, t, s, a, o, b), (*b = 0, a))                                            \
	X(entry, int, (void *c, void *t, const uint64_t *s, struct caplog_diag *d), (c, t, s, d),   \
	  caplog_injected(d))                                                                       \
	X(closed, int, (void *c, void *t), (c, t), 0)                                               \
	X(written, const uint32_t *, (void *c, void *t, const struct caplog_object *o, uint64_t i), \
	  (c, t, o, i), NULL)

#endif
