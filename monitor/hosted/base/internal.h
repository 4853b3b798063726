/* SPDX-License-Identifier: BSD-2-Clause */
/* Base library of hosted components: between its files */
#ifndef HOSTED_BASE_INTERNAL_H
#define HOSTED_BASE_INTERNAL_H

#include "base.h"

/* kernel_entry.c */
long hb_sys(long op, long a, long b, long c);
struct hb_thread *hb_myself(void);

/* Before anything is sent: a checkpoint may be waiting for that */
void hb_rest(void);

/* lock.c: of the cap map and the log */
void hb_lock(void);
void hb_unlock(void);

/* ipc.c */
void     hb_marshal(uint64_t protocol, const struct hb_msg *m);
/* The message is copied before insert_map enters the kernel. \return protocol word */
uint64_t hb_unmarshal(struct hb_msg *m, uint32_t window);
long     hb_request(hb_cap dst, uint64_t opcode, uint64_t a, uint64_t b, hb_cap arg,
                    struct hb_msg *rcv);

/* cap_log.c */
void hb_log_event(unsigned kind, hb_cap cap, uint32_t other);

/* cap_log_attach.c */
void hb_attach_log(void);

/* signal_source_client.c */
void hb_signal_entry(void *unused);
void hb_proxy_dispatch(struct hb_object *o, const struct hb_msg *in, struct hb_msg *out);

#endif
