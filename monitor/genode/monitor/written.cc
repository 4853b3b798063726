/* SPDX-License-Identifier: BSD-2-Clause */
#include "platform.h"
#include "written.h"

namespace Caplog {


Tracked::~Tracked()
{
	while (Line * const line = _first) {
		_first = line->next;
		_alloc.free(line, Line::size(line->words));
	}
}


Tracked::Line *Tracked::_find(uint32_t id) const
{
	Line *line = _lines.first();

	while (line && line->id != id)
		line = line->child(id > line->id);
	return line;
}


/* \return  nullptr: it cannot be tracked */
Tracked::Line *Tracked::_begin(uint32_t id, Dataspace_capability ds, uint64_t bytes)
{
	enum { PAGE = 4096, IN_WORD = 32 };

	Foc_native_pd::Result result;
	while ((result = _core.native_pd.track(ds, id)) == Foc_native_pd::NO_QUOTA)
		_core.advance(_core.pd.cap());
	if (result != Foc_native_pd::DONE)
		return nullptr;

	uint32_t const words = (uint32_t)((bytes/PAGE + IN_WORD - 1)/IN_WORD);
	void   * const at    = _alloc.alloc(Line::size(words));

	_first = construct_at<Line>(at, id, words, _first);
	_lines.insert(_first);
	return _first;
}


void Tracked::_take()
{
	for (bool more = true; more; ) {
		Foc_native_pd::Written const written = _core.native_pd.take_written();

		for (unsigned i = 0; i < written.count && i < Foc_native_pd::WRITTEN_WORDS; i++) {
			Line * const line = _find(written.entry[i].id);

			if (line && written.entry[i].at < line->words)
				line->pages()[written.entry[i].at] |= written.entry[i].pages;
		}
		more = written.more;
	}
	_taken = true;
}


uint32_t const *Tracked::written(uint32_t id, Dataspace_capability ds, uint64_t bytes, uint64_t image)
{
	if (!_taken)
		_take();

	Line *line = _find(id);

	if (!line)
		line = _begin(id, ds, bytes);
	if (!line)
		return nullptr;
	line->asked = true;
	return image && line->image == image ? line->pages() : nullptr;
}


void Tracked::saved(uint64_t image)
{
	/* nobody resumes what was restored */
	_taken = false;
	for (Line **at = &_first; *at; ) {
		Line * const line = *at;

		if (!line->asked) {
			*at = line->next;
			_lines.remove(line);
			_alloc.free(line, Line::size(line->words));
			continue;
		}
		line->clear();
		line->image = image;
		line->asked = false;
		at = &line->next;
	}
}


unsigned long Tracked::count() const
{
	unsigned long n = 0;

	for (Line *line = _first; line; line = line->next)
		for (uint32_t i = 0; i < line->words; i++)
			n += (unsigned long)__builtin_popcount(line->pages()[i]);
	return n;
}


static uint32_t const *p_written(void *, void *target, caplog_object const *line, uint64_t image)
{
	Target       &t = Platform::target_of(target);
	Object const *o = t.objects().by_id(line->id);

	/* called by way of C code, which no exception may pass: nullptr says it as well */
	try {
		return o ? t.tracked().written(line->id, reinterpret_cap_cast<Dataspace>(o->cap),
		                               caplog_object_bytes(line), image) : nullptr;
	} catch (...) { return nullptr; }
}


static void p_saved(void *, void *target, uint64_t image) {
	Platform::target_of(target).tracked().saved(image); }


void Platform::track_ops(caplog_platform &p)
{
	p.written = p_written;
	p.saved   = p_saved;
}

} /* namespace Caplog */
