/* SPDX-License-Identifier: BSD-2-Clause */
#include "fault.h"
#include "faults.h"
#include "images.h"
#include "pages.h"

namespace Caplog {


Images::Images(Env &env, unsigned most)
:
	_env(env), _most(most < 1 ? 1 : most > CAPLOG_CHAIN_MAX ? CAPLOG_CHAIN_MAX : most)
{
	for (unsigned i = 0; i <= CAPLOG_CHAIN_MAX; i++)
		_chain[i] = &_image[i];
}


caplog_image_link const *Images::links(unsigned &links)
{
	links = _links;
	for (unsigned i = 0; i < _links; i++) {
		Image &image = *_chain[_links - 1 - i];

		_link[i].data = image.data();
		_link[i].size = image.size;
	}
	return _link;
}


caplog_image_link const *Images::second(unsigned &links)
{
	links = _second.size != 0;
	if (links)
		_second_link = caplog_image_link { _second.data(), _second.size };
	return &_second_link;
}


/* From now on this is all there is; its place is the first free one */
void Images::_only(Image &image)
{
	for (unsigned i = 0; i <= CAPLOG_CHAIN_MAX; i++)
		if (_chain[i] == &image) {
			_chain[i] = _chain[0];
			_chain[0] = &image;
		}
	_links = 1;
}


/* That a child needs the room of all pages is said before they were looked at */
uint64_t Images::_larger(Image &image, bool child)
{
	uint64_t const wanted = image.size, twice = 2*image.room();

	return child && twice < wanted ? twice : wanted;
}


bool Images::_enlarge(Image &image, uint64_t size, caplog_diag &diag)
{
	/* those that follow may be a little larger */
	try { image.memory.construct(&_env.ram(), (size_t)(size + size/16)); }

	/* out of quota, or no place in the monitor's address space */
	catch (...) {
		caplog_say(&diag, CAPLOG_ENOMEM, "no memory for the image of %n bytes: raise the monitor's "
		           "quota", size);
		return false;
	}
	return true;
}


/* What a child image needs, if few pages were written */
static uint64_t size_of_child(Instance &instance)
{
	enum { PAGE = 4096, OF_A_PAGE = 12, FEW = 64*PAGE };

	uint64_t size = FEW;

	for (unsigned i = 0; i < instance.count; i++) {
		caplog_target const &t = *instance.engine[i];

		size += t.space.flavour->slot_count*sizeof(t.slot[0]) + PAGE;
		for (uint32_t n = 0; n < t.ledger.count; n++)
			size += sizeof(t.ledger.line[n]) + sizeof(caplog_image_state)
			      + caplog_object_bytes(&t.ledger.line[n])/PAGE*OF_A_PAGE;
	}
	return size;
}


/* The same for an image that is being written: what is there already is kept */
bool Images::_enlarge_begun(caplog_image const &begun, uint64_t size, caplog_diag &diag)
{
	try {
		Attached_ram_dataspace copy(&_env.ram(), (size_t)begun.size);

		memcpy(copy.local_addr<void>(), begun.data, (size_t)begun.size);
		if (!_enlarge(_next(), size, diag))
			return false;
		memcpy(_next().data(), copy.local_addr<void>(), (size_t)begun.size);
	}
	catch (...) {
		caplog_say(&diag, CAPLOG_ENOMEM, "no memory for the image of %n bytes: raise the monitor's "
		           "quota", size);
		return false;
	}
	_writing          = begun;
	_writing.data     = _next().data();
	_writing.capacity = _next().room();
	return true;
}


/* \return  as caplog_save; 0 as well if the memory is held */
int Images::_begin(caplog_platform &ops, Instance &instance, Image &kept, bool child, bool hold,
                   caplog_diag &diag)
{
	caplog_image  &image = _writing;
	uint64_t const room  = kept.room();

	caplog_image_begin(&image, room ? kept.data() : nullptr, room);
	if (child) {
		Image &parent = *_chain[_links - 1];
		caplog_image_child_known(&image, parent.data(), parent.size);
	}
	int err = caplog_save_state(&ops, instance.engine, instance.count, &image, &diag);

	if (!err && hold) {
		err = caplog_hold(&ops, instance.engine, instance.count, &image, &diag);
		hold = err != CAPLOG_ENOTSUP;
	}
	if (!hold)
		err = caplog_save_memory(&ops, instance.engine, instance.count, &image, &diag);

	kept.size = image.size;
	return err == CAPLOG_ENOSPC && image.size <= room ? CAPLOG_EINVAL : err;
}


/* The next image is the last one now */
bool Images::_complete(bool child)
{
	if (child)
		_links++;
	else
		_only(_next());
	return true;
}


bool Images::save(caplog_platform &ops, Instance &instance, bool whole, bool hold, caplog_diag &diag)
{
	if (Faults::strikes("image"))
		return !caplog_injected(&diag);

	bool   const child = _links && _links < _most && !whole;
	Image       &next  = _next();

	_second.size = 0;
	if (!child)
		_child_size = size_of_child(instance);
	if (!next.room() && (child || hold) && !_enlarge(next, _child_size, diag))
		return false;

	for (;;) {
		int const err = _begin(ops, instance, next, child, hold, diag);

		if (!err)
			break;
		if (err != CAPLOG_ENOSPC)
			return false;

		if (!_enlarge(next, _larger(next, child), diag))
			return false;
	}
	return held() || _complete(child);
}


int Images::finish(caplog_platform &ops, Instance &instance, caplog_diag &diag)
{
	caplog_image const begun = _writing;
	Image             &next  = _next();

	for (;;) {
		int const err = caplog_save_memory(&ops, instance.engine, instance.count, &_writing, &diag);

		next.size = _writing.size;
		if (!err) {
			_complete(begun.parent != nullptr);
			return 0;
		}
		if (err != CAPLOG_ENOSPC)
			return err;
		if (!_enlarge_begun(begun, _larger(next, begun.parent != nullptr), diag)) {
			(void)caplog_release(&ops, instance.engine, instance.count);
			_writing.held = 0;
			return CAPLOG_ENOMEM;
		}
	}
}


void Images::prepare()
{
	caplog_diag diag;

	/* if that fails, the next image says so */
	if (_links && _links < _most && !_next().room())
		(void)_enlarge(_next(), _child_size, diag);
}


bool Images::_merge(caplog_diag &diag)
{
	unsigned count;
	caplog_image_link const * const list = links(count);

	for (Image &next = _next(); ; ) {
		caplog_image image;
		uint64_t const room = next.room();

		caplog_image_begin(&image, room ? next.data() : nullptr, room);
		int const err = caplog_merge(list, count, &image, &diag);

		next.size = image.size;
		if (!err)
			return true;
		if (err != CAPLOG_ENOSPC || image.size <= room || !_enlarge(next, image.size, diag))
			return false;
	}
}


bool Images::merge(bool always, caplog_diag &diag)
{
	if (_links < 2 || (_links < _most && !always))
		return true;
	if (!_merge(diag))
		return false;
	_only(_next());
	return true;
}


/* Of a component: the states of its sessions may have other times */
static bool same_memory(void const *a, uint64_t a_size, void const *b, uint64_t b_size, uint32_t target)
{
	caplog_pages_walk  walk[2];
	caplog_pages const *line, *other;

	caplog_pages_begin(&walk[0], a, a_size, target);
	caplog_pages_begin(&walk[1], b, b_size, target);
	while ((line = caplog_pages_next(&walk[0]))) {
		other = caplog_pages_next(&walk[1]);
		if (!other || other->object != line->object || other->size != line->size)
			return false;
		for (uint64_t page = 0; page < line->count; page++)
			if (caplog_pages_hash(line, page) != caplog_pages_hash(other, page))
				return false;
	}
	return !caplog_pages_next(&walk[1]);
}


bool Images::save_second(caplog_platform ops, Instance &instance, caplog_diag &diag)
{
	ops.written = nullptr;
	ops.saved   = nullptr;

	for (;;) {
		caplog_image   image;
		uint64_t const room = _second.room();

		caplog_image_begin(&image, room ? _second.data() : nullptr, room);
		int const err = caplog_save(&ops, instance.engine, instance.count, &image, &diag);

		_second.size = image.size;
		if (!err)
			return true;
		if (err != CAPLOG_ENOSPC || image.size <= room || !_enlarge(_second, image.size, diag)) {
			_second.size = 0;
			return false;
		}
	}
}


bool Images::second_is_same(caplog_diag &diag)
{
	caplog_image_header header;

	if (!_merge(diag))
		return false;

	Image &merged = _next();
	bool   same   = true;

	caplog_image_take(&header, merged.data(), sizeof(header));
	for (unsigned i = 0; i < header.targets; i++)
		same &= same_memory(_second.data(), _second.size, merged.data(), merged.size, i);
	return same || !caplog_say(&diag, CAPLOG_EINVAL, "the image and its parents are not what the components "
	                   "hold: a page that was written is missing in them");
}

} /* namespace Caplog */
