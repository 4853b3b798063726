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


/* \return  nullptr: it cannot be tracked, and is large */
Tracked::Line *Tracked::_begin(uint32_t id, Dataspace_capability ds, uint64_t bytes)
{
	Foc_native_pd::Result result;
	while ((result = _core.native_pd.track(ds, id)) == Foc_native_pd::NO_QUOTA)
		_core.advance(_core.pd.cap());

	bool const tracked = result == Foc_native_pd::DONE;
	if (!tracked && bytes > UNTRACKED_MOST)
		return nullptr;

	uint32_t const words = (uint32_t)(tracked ? (bytes/PAGE + IN_WORD - 1)/IN_WORD : bytes/sizeof(uint32_t));
	void   * const at    = _alloc.alloc(Line::size(words));

	_first = construct_at<Line>(at, id, words, tracked, _first);
	_lines.insert(_first);
	return _first;
}


void Tracked::_take()
{
	for (bool more = true; more; ) {
		Foc_native_pd::Written const written = _core.native_pd.take_written();

		for (unsigned i = 0; i < written.count && i < Foc_native_pd::WRITTEN_WORDS; i++) {
			Line * const line = _find(written.entry[i].id);

			if (line && line->tracked && written.entry[i].at < line->words)
				line->pages()[written.entry[i].at] |= written.entry[i].pages;
		}
		more = written.more;
	}
	_taken = true;
}


uint32_t const *Tracked::written(uint32_t id, Dataspace_capability ds, void const *at, uint64_t bytes,
                                 uint64_t image)
{
	if (!_taken)
		_take();

	Line *line = _find(id);

	if (!line)
		line = _begin(id, ds, bytes);
	if (!line) {
		_incomplete = true;
		return nullptr;
	}
	line->asked = true;
	line->bytes = at;
	return _known(*line, image);
}


void Tracked::saved(uint64_t image)
{
	/* nobody resumes what was restored */
	_taken = _incomplete = false;
	for (Line **at = &_first; *at; ) {
		Line * const line = *at;

		if (!line->asked) {
			*at = line->next;
			_lines.remove(line);
			_alloc.free(line, Line::size(line->words));
			continue;
		}
		if (line->tracked)
			line->clear();
		line->image = image;
		line->asked = false;
		at = &line->next;
	}
}


/*
 * Holding
 */

void Tracked::Copies::begin()
{
	memset(_list, 0, sizeof(_list));
	_seen = 0;
}


void Tracked::Copies::_look()
{
	uint32_t const count = min(*(uint32_t const volatile *)&_room().count, (uint32_t)Room::MOST);

	__sync_synchronize();
	for (; _seen < count; _seen++) {
		Room::Copy const &copy = _room().copy[_seen];
		uint16_t         &list = _list[_list_of(copy.id, copy.page)];

		_next[_seen + 1] = list;
		list = (uint16_t)(_seen + 1);
	}
}


void const *Tracked::Copies::find(uint32_t id, uint64_t page)
{
	/* the page was read before that */
	__sync_synchronize();
	_look();

	for (unsigned n = _list[_list_of(id, (uint32_t)page)]; n; n = _next[n]) {
		Room::Copy const &copy = _room().copy[n - 1];

		if (copy.id == id && copy.page == page)
			return _memory.local_addr<char>() + (size_t)n*PAGE;
	}
	return nullptr;
}


int Tracked::hold()
{
	if (!_room || _incomplete)
		return CAPLOG_ENOTSUP;
	try {
		if (!_copies.constructed())
			_copies.construct(_env, _room);
	}
	/* out of quota: it is said where memory is really needed */
	catch (...) { return CAPLOG_ENOTSUP; }

	for (Line *line = _first; line; line = line->next)
		if (!line->tracked && line->asked && line->bytes)
			memcpy(line->pages(), line->bytes, line->words*sizeof(uint32_t));

	_copies->begin();
	if (_core.native_pd.keep(_copies->cap()) != Foc_native_pd::DONE)
		return CAPLOG_ENOTSUP;
	_in_use.lock();
	return 0;
}


void const *Tracked::held(uint32_t id, uint64_t image, uint32_t const *&written) const
{
	Line * const line = _find(id);

	written = line ? _known(*line, image) : nullptr;
	return !line ? nullptr : line->tracked ? line->bytes : line->pages();
}


int Tracked::release()
{
	_core.native_pd.keep(Dataspace_capability());
	_in_use.unlock();
	return _copies->missing() ? CAPLOG_EAGAIN : 0;
}


unsigned long Tracked::count() const
{
	unsigned long n = 0;

	for (Line *line = _first; line; line = line->next)
		for (uint32_t i = 0; line->tracked && i < line->words; i++)
			n += (unsigned long)__builtin_popcount(line->pages()[i]);
	return n;
}


static uint32_t const *p_written(void *, void *target, caplog_object const *line, uint64_t image)
{
	Target &t = Platform::target_of(target);
	Object *o = t.objects().by_id(line->id);

	/* called by way of C code, which no exception may pass: nullptr says it as well */
	try {
		return o ? t.tracked().written(line->id, reinterpret_cap_cast<Dataspace>(o->cap),
		                               t.objects().map_locally(*o), caplog_object_bytes(line), image)
		         : nullptr;
	} catch (...) { return nullptr; }
}


static void p_saved(void *, void *target, uint64_t image) {
	Platform::target_of(target).tracked().saved(image); }


static int p_hold(void *, void *target)
{
	try { return Platform::target_of(target).tracked().hold(); }
	catch (...) { return CAPLOG_ENOTSUP; }
}


static void const *p_held(void *, void *target, uint32_t id, uint64_t image, uint32_t const **written) {
	return Platform::target_of(target).tracked().held(id, image, *written); }


static void const *p_kept(void *, void *target, uint32_t id, uint64_t page) {
	return Platform::target_of(target).tracked().kept(id, page); }


static int p_release(void *, void *target) {
	return Platform::target_of(target).tracked().release(); }


void Platform::track_ops(caplog_platform &p)
{
	p.written = p_written;
	p.saved   = p_saved;
	p.hold    = p_hold;
	p.held    = p_held;
	p.kept    = p_kept;
	p.release = p_release;
}

} /* namespace Caplog */
