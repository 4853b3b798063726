/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sessions of the child: PD and CPU are ours, all others come from the parent
 */
#ifndef LOG_PARENT_POLICY_H
#define LOG_PARENT_POLICY_H

#include <base/child.h>
#include <init/child_policy.h>
#include <util/string.h>

namespace Log_parent {

	using namespace Genode;

	class Policy;
}


class Log_parent::Policy : public Child_policy
{
	private:

		String<64> const _name;
		String<64> const _config;

		Init::Child_policy_enforce_labeling  _labeling { _name.string() };
		Init::Child_policy_redirect_rom_file _redirect { "config", _config.string() };

		Local_service    _pd, _cpu;
		Service_registry _parent;

	public:

		Policy(String<64> const &name, String<64> const &config, Root &pd, Root &cpu)
		: _name(name), _config(config), _pd("PD", &pd), _cpu("CPU", &cpu) { }

		char const *name() const override { return _name.string(); }

		Service &pd()  { return _pd; }
		Service &cpu() { return _cpu; }

		Service *resolve_session_request(char const *service, char const *) override
		{
			if (!strcmp(service, "PD"))  return &_pd;
			if (!strcmp(service, "CPU")) return &_cpu;

			Service *s = _parent.find(service);
			if (!s) {
				s = new (env()->heap()) Parent_service(service);
				_parent.insert(s);
			}
			return s;
		}

		void filter_session_args(char const *service, char *args, size_t size) override
		{
			_labeling.filter_session_args(service, args, size);
			_redirect.filter_session_args(service, args, size);
		}
};

#endif
