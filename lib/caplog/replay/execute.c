/* SPDX-License-Identifier: BSD-2-Clause */
#include <caplog/diag.h>
#include <caplog/plan.h>

const char *caplog_phase_name(unsigned phase)
{
	switch (phase) {
#define X(id, name) case CAPLOG_PHASE_##id: return name;
	CAPLOG_PHASES(X)
#undef X
	default: return NULL;
	}
}

static int run_step(struct caplog_plan *p, struct caplog_plan_step *s,
                    const struct caplog_ops *ops, struct caplog_diag *diag)
{
	switch (s->phase) {
	case CAPLOG_PHASE_THREADS:
		return ops->thread(ops->ctx, s, &p->badge[s->slot], diag);
	case CAPLOG_PHASE_OBJECTS:
		return ops->object(ops->ctx, s, &p->badge[s->slot], diag);
	case CAPLOG_PHASE_GATES:
		return ops->gate(ops->ctx, s, &p->badge[s->slot], diag);
	case CAPLOG_PHASE_SLOTS:
		return ops->install(ops->ctx, s, diag);
	case CAPLOG_PHASE_IRQS:
		return ops->attach(ops->ctx, s, diag);
	case CAPLOG_PHASE_BADGES:
		s->new_badge = s->dead ? caplog_dead_badge(p->flavour, s->slot)
		             : s->slot == p->flavour->thread_base ? p->flavour->main_badge
		             : p->badge[s->slot];
		return ops->badge(ops->ctx, s, diag);
	case CAPLOG_PHASE_REGISTERS:
		return ops->registers(ops->ctx, s, diag);
	case CAPLOG_PHASE_START:
		return ops->start(ops->ctx, s, diag);
	default:
		return CAPLOG_EINVAL;
	}
}

static int end_phase(unsigned phase, const struct caplog_ops *ops, struct caplog_diag *diag)
{
	if (phase == CAPLOG_PHASE_THREADS && ops->threads_done)
		return ops->threads_done(ops->ctx, diag);
	if (phase == CAPLOG_PHASE_BADGES && ops->badges_done)
		return ops->badges_done(ops->ctx, diag);
	return 0;
}

static void undo(struct caplog_plan *p, uint32_t begin, uint32_t end,
                 const struct caplog_ops *ops)
{
	while (end > begin)
		ops->undo(ops->ctx, &p->step[--end]);
}

static int is_hole(const struct caplog_plan_step *s)
{
	return s->phase == CAPLOG_PHASE_THREADS && s->kind == CAPLOG_EMPTY;
}

void caplog_undo_phase(struct caplog_plan *p, unsigned phase, const struct caplog_ops *ops)
{
	uint32_t end = p->phase_begin[phase + 1];

	while (end > p->phase_begin[phase])
		if (!is_hole(&p->step[--end]))
			ops->undo(ops->ctx, &p->step[end]);
}

static const char *reason(const struct caplog_diag *why, int error)
{
	return why->text[0] ? why->text : caplog_error_text(error);
}

int caplog_execute_phase(struct caplog_plan *p, unsigned phase, const struct caplog_ops *ops,
                         struct caplog_diag *diag)
{
	uint32_t const end = p->phase_begin[phase + 1];
	struct caplog_diag why;
	int err;

	for (uint32_t i = p->phase_begin[phase]; i < end; i++) {
		why.text[0] = 0;
		if ((err = run_step(p, &p->step[i], ops, &why)) < 0) {
			undo(p, p->phase_begin[phase], i, ops);
			return caplog_say(diag, err, "phase %s, slot %x: %s", caplog_phase_name(phase),
			                  (uint32_t)p->step[i].slot, reason(&why, err));
		}
	}
	why.text[0] = 0;
	if ((err = end_phase(phase, ops, &why)) < 0) {
		undo(p, p->phase_begin[phase], end, ops);
		return caplog_say(diag, err, "phase %s, at its end: %s", caplog_phase_name(phase),
		                  reason(&why, err));
	}
	return 0;
}

int caplog_execute(struct caplog_plan *p, const struct caplog_ops *ops,
                   void (*progress)(void *ctx, unsigned phase), struct caplog_diag *diag)
{
	for (unsigned phase = 0; phase < CAPLOG_PHASE_COUNT; phase++) {
		if (progress)
			progress(ops->ctx, phase);
		int const err = caplog_execute_phase(p, phase, ops, diag);
		if (err) {
			while (phase--)
				caplog_undo_phase(p, phase, ops);
			return err;
		}
	}
	if (progress)
		progress(ops->ctx, CAPLOG_PHASE_COUNT);
	return 0;
}
