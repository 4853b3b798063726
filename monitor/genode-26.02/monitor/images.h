/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The images that the monitor keeps: the last one, and the parents that it needs
 *
 * An image takes the place of those before when it is complete. Their memory is
 * kept: core would fill new memory with zeroes first.
 */
#ifndef CAPLOG_IMAGES_H
#define CAPLOG_IMAGES_H

#include <base/attached_ram_dataspace.h>
#include <base/env.h>
#include <util/reconstructible.h>

#include "instance.h"

namespace Caplog { class Images; }


class Caplog::Images
{
	private:

		struct Image
		{
			Constructible<Attached_ram_dataspace> memory { };
			uint64_t                                     size = 0; /* of the image */

			uint8_t *data() { return memory->local_addr<uint8_t>(); }
			uint64_t room() { return memory.constructed() ? memory->size() : 0; }
		};

		Env           &_env;
		unsigned const _most;   /* images of a chain, at most */

		/* One more than a chain has */
		Image          _image[CAPLOG_CHAIN_MAX + 1] { };
		Image         *_chain[CAPLOG_CHAIN_MAX + 1]; /* newest last; then those that are free */
		unsigned       _links = 0;

		caplog_image_link _link[CAPLOG_CHAIN_MAX]; /* newest first */

		Image &_next() { return *_chain[_links]; }

		bool _enlarge(Image &, uint64_t size, caplog_diag &);
		int  _try(caplog_platform &, Instance &, Image &, bool child, caplog_diag &);
		bool _merge(caplog_diag &);
		void _only(Image &);

	public:

		/* \param most  images of a chain; 1: each is whole */
		Images(Env &env, unsigned most);

		/*
		 * Write a captured group into an image: a child of the last one unless
		 * this one is to be whole, or the chain has become too long
		 */
		bool save(caplog_platform &, Instance &, bool whole, caplog_diag &);

		/* Make one whole image of the last one and its parents, when they are many or `always` */
		bool merge(bool always, caplog_diag &);

		/*
		 * Take a whole image of the group once more, without regard to what was
		 * written, and compare it with the last one and its parents
		 */
		bool verify(caplog_platform, Instance &, caplog_diag &);

		/* The last one and its parents, newest first; `links` is 0 if there is none */
		caplog_image_link const *links(unsigned &links);

		uint64_t size() { return _links ? _chain[_links - 1]->size : 0; } /* of the last one */
		unsigned links() const { return _links; }
};

#endif
