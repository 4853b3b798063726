/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_ROOT_COMPONENT_H
#define GENODE_API_MONITOR_ROOT_COMPONENT_H

#include <base/allocator.h>
#include <base/entrypoint.h>
#include <root/root.h>

namespace Genode {

	/* Sessions of a server are objects of one class, made in its heap */
	template <typename SESSION>
	class Root_component : public Rpc_object<Typed_root<SESSION> >
	{
		private:

			Rpc_entrypoint &_ep;
			Allocator      &_alloc;

		protected:

			virtual SESSION *_create_session(char const *) { throw Root::Invalid_args(); }

			virtual SESSION *_create_session(char const *args, Affinity const &) {
				return _create_session(args); }

			virtual void _upgrade_session(SESSION *, char const *) { }

			Allocator      *md_alloc() { return &_alloc; }
			Rpc_entrypoint *ep()       { return &_ep; }

		public:

			Root_component(Rpc_entrypoint *ep, Allocator *alloc) : _ep(*ep), _alloc(*alloc) { }
			Root_component(Rpc_entrypoint &ep, Allocator &alloc) : _ep(ep), _alloc(alloc) { }
			Root_component(Entrypoint &ep, Allocator &alloc) : _ep(ep.rpc_ep()), _alloc(alloc) { }

			Session_capability session(Root::Session_args const &args,
			                           Affinity const &affinity) override {
				return reinterpret_cap_cast<Session>(_ep.manage(_create_session(args.string(),
				                                                                affinity))); }

			void upgrade(Session_capability cap, Root::Upgrade_args const &args) override
			{
				_ep.apply(cap, [&] (SESSION *session) {
					if (session)
						_upgrade_session(session, args.string()); });
			}

			void close(Session_capability cap) override
			{
				SESSION *session = nullptr;

				_ep.apply(cap, [&] (SESSION *s) { session = s; });
				if (!session)
					return;
				_ep.dissolve(session);
				destroy(_alloc, session);
			}
	};
}

#endif
