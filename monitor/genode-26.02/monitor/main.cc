/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Monitor: runs components as init does, and keeps those that its checkpoint
 * nodes name
 */
#include <base/attached_rom_dataspace.h>
#include <base/component.h>
#include <os/reporter.h>

#include "config.h"
#include "intrinsics.h"
#include "steps.h"

namespace Caplog { struct Main; }


struct Caplog::Main : Sandbox::State_handler
{
	typedef Sandbox::Local_service<Pd>  Pd_service;
	typedef Sandbox::Local_service<Cpu> Cpu_service;

	Env  &_env;
	Heap  _heap { _env.ram(), _env.rm() };

	Targets    _targets    { _env };
	Keeper     _keeper     { _heap };
	Intrinsics _intrinsics { _env, _targets };
	Sandbox    _sandbox    { _env, *this, _intrinsics };

	Attached_rom_dataspace   _config { _env, "config" };
	Constructible<Reporter>  _reporter { };
	Constructible<Steps>     _steps    { };
	size_t                   _report_buffer = 0;

	/*
	 * Services that the sandbox asks for
	 */

	template <void (Main::*FN)()> struct Wakeup : Sandbox::Local_service_base::Wakeup
	{
		Main &main;

		Wakeup(Main &main) : main(main) { }

		void wakeup_local_service() override { (main.*FN)(); }
	};

	void _serve_pd();
	void _serve_cpu();

	Wakeup<&Main::_serve_pd>  _pd_wakeup   { *this };
	Wakeup<&Main::_serve_cpu> _cpu_wakeup  { *this };
	Pd_service                _pd_service  { _sandbox, _pd_wakeup };
	Cpu_service               _cpu_service { _sandbox, _cpu_wakeup };

	/* Targets that the sandbox wants no more, as soon as none of their requests is under way */
	void _end_targets();

	Signal_handler<Main> _target_handler { _env.ep(), *this, &Main::_targets_changed };
	Signal_handler<Main> _config_handler { _env.ep(), *this, &Main::_handle_config };
	Signal_handler<Main> _apply_handler  { _env.ep(), *this, &Main::_apply };
	Signal_handler<Main> _avail_handler  { _env.ep(), *this, &Main::_resource_avail };

	void _resource_avail() { }

	void _targets_changed() { _end_targets(); }

	void _configure_report(Node const &);
	void _begin_steps(Node const &);
	void _apply();

	void _handle_config()
	{
		_config.update();
		_configure_report(_config.node());
		_keeper.configure(_config.node());
		_apply();
		_begin_steps(_config.node());
	}

	void handle_sandbox_state() override;

	Main(Env &env) : _env(env)
	{
		_targets.sigh(_target_handler);
		_keeper.apply_sigh(_apply_handler);
		_config.sigh(_config_handler);
		_sandbox.heartbeat_alarm_sigh(_config_handler);

		/* else the monitor would wait when it asks for more, which core never gives */
		_env.parent().resource_avail_sigh(_avail_handler);

		_handle_config();
	}
};


/*
 * PD and CPU sessions
 */

void Caplog::Main::_serve_pd()
{
	_pd_service.for_each_requested_session([&] (Pd_service::Request &request) {
		Target &t = *new (_heap) Target(_env, _heap, _targets, request.label, request.args,
		                                _keeper.place(request.label));
		_targets.add(t);
		_keeper.created(t);
		request.deliver_session(t.pd());
	});
	_pd_service.for_each_upgraded_session([&] (Pd &pd, Session::Resources const &amount) {
		pd.upgrade(amount);
		return Pd_service::Upgrade_response::CONFIRMED;
	});
	_pd_service.for_each_session_to_close([&] (Pd &pd) {
		pd.target.close_pd();
		return Pd_service::Close_response::CLOSED;
	});
}


void Caplog::Main::_serve_cpu()
{
	_cpu_service.for_each_requested_session([&] (Cpu_service::Request &request) {

		Target * const t = _targets.find([&] (Target &t) {
			return !t.ended() && !t.cpu_open() && t.label() == request.label; });

		if (!t) {
			error(request.label, ": its CPU session is denied, since it has no PD session yet");
			return;
		}
		request.deliver_session(t->open_cpu(request.args, request.affinity));
	});
	_cpu_service.for_each_upgraded_session([&] (Cpu &cpu, Session::Resources const &amount) {
		cpu.upgrade(amount);
		return Cpu_service::Upgrade_response::CONFIRMED;
	});
	_cpu_service.for_each_session_to_close([&] (Cpu &cpu) {
		cpu.target.close_cpu();
		return Cpu_service::Close_response::CLOSED;
	});
}


void Caplog::Main::_end_targets()
{
	auto over = [] (Target &t) { return t.ended() && t.idle(); };

	while (Target * const t = _targets.find(over)) {
		Group   &group = t->group();
		unsigned const index = t->index();

		_targets.remove(*t);
		destroy(_heap, t);
		_keeper.gone(group, index);
	}
}


/*
 * Configuration and report
 */

void Caplog::Main::_configure_report(Node const &config)
{
	bool enabled = false;

	config.with_optional_sub_node("report", [&] (Node const &report) {
		size_t const buffer = report.attribute_value("buffer", Number_of_bytes(4096));

		enabled = true;
		if (buffer != _report_buffer || !_reporter.constructed()) {
			_report_buffer = buffer;
			_reporter.construct(_env, "state", "state", buffer);
		}
	});
	if (_reporter.constructed())
		_reporter->enabled(enabled);
}


/* Once: the steps of the first configuration */
void Caplog::Main::_begin_steps(Node const &config)
{
	if (_steps.constructed())
		return;

	Config::with_group(config, [&] (Node const &group) {
		group.with_optional_sub_node("steps", [&] (Node const &steps) {
			_steps.construct(_env, _heap, _keeper, steps); }); });
}


void Caplog::Main::_apply()
{
	Node const &config = _config.node();

	/* without members all is as the configuration says */
	if (!config.has_sub_node("checkpoint")) {
		_sandbox.apply_config(config);
		return;
	}

	/* routes are repeated in each start node of a member */
	size_t const bytes = 4*config.num_bytes() + 4096;

	Generated_node const filtered { _heap, bytes, "config", [&] (Generator &g) {
		Config::generate(g, config, [&] (Name const &name) { return _keeper.exists(name); }); } };

	filtered.node.with_result(
		[&] (Node const &node) { _sandbox.apply_config(node); },
		[&] (Buffer_error)     { error("config: it is too large"); });
}


void Caplog::Main::handle_sandbox_state()
{
	if (!_reporter.constructed())
		return;

	Reporter::Result const result = _reporter->generate([&] (Generator &g) {
		_sandbox.generate_state_report(g); });

	if (result == Buffer_error::EXCEEDED) {
		error("the state report does not fit: raise the attribute buffer of the node report");
		(void)_reporter->generate([&] (Generator &g) {
			g.attribute("error", "report buffer exceeded"); });
	}
}


namespace Component {

	Genode::size_t stack_size() { return 32*1024*sizeof(long); }

	void construct(Genode::Env &env) { static Caplog::Main main(env); }
}
