/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text form of events and kernel spaces (hosted part, uses libc)
 *
 *   insert_at badge kcap              insert_map badge rcv kcap result
 *   stale badge kcap                  remove badge kcap mapped
 *   rpc_alloc badge kcap ep           rpc_free badge kcap
 *   thread_start badge kcap utcb obj  irq_attach irq thread label
 *   irq_detach irq                    reserve kcap count   release kcap count
 *
 * each as key=0xhex; kcap, rcv, ep, irq, thread are selectors. In a serial
 * console capture such a line has the prefix "@cap pd=0xN ".
 */
#ifndef CAPLOG_TEXT_H
#define CAPLOG_TEXT_H

#include <caplog/reader.h>

#ifdef __cplusplus
extern "C" {
#endif

enum caplog_line_kind {
	CAPLOG_LINE_EVENT,       /* event is filled                              */
	CAPLOG_LINE_KNOWN,       /* repeated reception: event filled, no change  */
	CAPLOG_LINE_CONFLICT,    /* refused reception: event filled, no change   */
	CAPLOG_LINE_RESERVE,     /* window: event.slot, count                    */
	CAPLOG_LINE_RELEASE
};

struct caplog_line {
	enum caplog_line_kind kind;
	struct caplog_event   event;
	uint32_t              count;
};

/*
 * Parse one line of the text form, without prefix and line end
 *
 * \return 0; -EINVAL with diag saying what is wrong (not file or line number):
 *         unknown event, missing, repeated or unknown key, a value that is no
 *         number, a selector, badge or word out of the flavour's range
 */
int caplog_parse_line(const char *text, const struct caplog_flavour *flavour,
                      struct caplog_line *line, struct caplog_diag *diag);

/*
 * Write an event in the text form, without line end
 *
 * \param size  of buf; 128 is enough for every event
 * \return      as snprintf
 */
int caplog_format_event(char *buf, size_t size, const struct caplog_flavour *flavour,
                        const struct caplog_event *event);

/* One line of a kernel object space */
enum caplog_kernel_type {
	CAPLOG_KERNEL_NONE, CAPLOG_KERNEL_TASK, CAPLOG_KERNEL_GATE, CAPLOG_KERNEL_IRQ,
	CAPLOG_KERNEL_JDB,    /* the kernel debugger, where core maps it              */
	CAPLOG_KERNEL_THREAD, /* a thread itself and not its gate: Foc_native_cpu     */
	CAPLOG_KERNEL_OTHER   /* of another type, which no component of Genode holds */
};

struct caplog_kernel_cap {
	uint8_t  type;           /* enum caplog_kernel_type          */
	uint8_t  has_label;      /* the debugger showed the object   */
	uint16_t attached;       /* IRQ: slot of thread's gate, CAPLOG_NO_SLOT: none */
	uint64_t label;
};

/*
 * Parse one line "slot=0x.. type=task|gate|irq|jdb|thread [label=0x..] [attached=0x..]"
 *
 * \return 0; -EINVAL with diag
 */
int caplog_parse_space_line(const char *text, const struct caplog_flavour *flavour,
                            uint32_t *slot, struct caplog_kernel_cap *cap,
                            struct caplog_diag *diag);

#ifdef __cplusplus
}
#endif

#endif
