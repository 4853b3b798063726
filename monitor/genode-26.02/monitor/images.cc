/* SPDX-License-Identifier: BSD-2-Clause */
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


bool Images::_enlarge(Image &image, uint64_t size, caplog_diag &diag)
{
	/* those that follow may be a little larger */
	try { image.memory.construct(_env.ram(), _env.rm(), (size_t)(size + size/16)); }

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


int Images::_try(caplog_platform &ops, Instance &instance, Image &kept, bool child, caplog_diag &diag)
{
	caplog_image image;
	uint64_t const room = kept.room();

	caplog_image_begin(&image, room ? kept.data() : nullptr, room);
	if (child) {
		Image &parent = *_chain[_links - 1];
		caplog_image_child_known(&image, parent.data(), parent.size);
	}
	int const err = caplog_save(&ops, instance.engine, instance.count, &image, &diag);

	kept.size = image.size;
	return err == CAPLOG_ENOSPC && image.size <= room ? CAPLOG_EINVAL : err;
}


bool Images::save(caplog_platform &ops, Instance &instance, bool whole, caplog_diag &diag)
{
	bool   const child = _links && _links < _most && !whole;
	Image       &next  = _next();

	if (child && !next.room() && !_enlarge(next, size_of_child(instance), diag))
		return false;

	for (;;) {
		int const err = _try(ops, instance, next, child, diag);

		if (!err)
			break;
		if (err != CAPLOG_ENOSPC)
			return false;

		/* that a child needs the room of all pages is said before they were looked at */
		uint64_t const wanted = next.size, twice = 2*next.room();
		if (!_enlarge(next, child && twice < wanted ? twice : wanted, diag))
			return false;
	}
	if (child)
		_links++;
	else
		_only(next);
	return true;
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
static bool same_memory(caplog_image const &a, void const *b, uint64_t b_size, uint32_t target)
{
	caplog_pages_walk  walk[2];
	caplog_pages const *line, *other;

	caplog_pages_begin(&walk[0], a.data, a.size, target);
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


bool Images::verify(caplog_platform ops, Instance &instance, caplog_diag &diag)
{
	if (!_merge(diag))
		return false;

	Image &merged = _next();
	Constructible<Attached_ram_dataspace> memory { };
	caplog_image image;

	try { memory.construct(_env.ram(), _env.rm(), (size_t)merged.room()); }
	catch (...) { return !caplog_say(&diag, CAPLOG_ENOMEM, "no memory for the image of %n bytes: raise "
	                                 "the monitor's quota", merged.size); }

	ops.written = nullptr;
	ops.saved   = nullptr;
	caplog_image_begin(&image, memory->local_addr<void>(), memory->size());
	if (caplog_save(&ops, instance.engine, instance.count, &image, &diag))
		return false;

	bool same = true;
	for (unsigned i = 0; i < instance.count; i++)
		same &= same_memory(image, merged.data(), merged.size, i);
	return same || !caplog_say(&diag, CAPLOG_EINVAL, "the image and its parents are not what the components "
	                   "hold: a page that was written is missing in them");
}

} /* namespace Caplog */
