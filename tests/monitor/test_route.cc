/* SPDX-License-Identifier: BSD-2-Clause */
/* Where requests of a target go, and the names that servers see */
#include <log_session/log_session.h>

#include "test.h"


static char const * const text =
	"<config>"
	"  <parent-provides> <service name=\"ROM\"/> <service name=\"LOG\"/> </parent-provides>"
	"  <default-route> <any-service> <parent/> <any-child/> </any-service> </default-route>"
	"  <alias name=\"shop\" child=\"the-server-with-a-name-of-its-own\"/>"
	"  <target name=\"the-server-with-a-name-of-its-own\">"
	"    <provides> <service name=\"Shop\"/> <service name=\"ROM\"/> </provides>"
	"    <resource name=\"RAM\" quantum=\"1M\"/>"
	"  </target>"
	"  <target name=\"client\" ram=\"1M\"> <binary name=\"other\"/>"
	"    <configfile name=\"config.dynamic\"/>"
	"    <provides> <service name=\"Desk\"/> </provides>"
	"    <route>"
	"      <service name=\"ROM\" label=\"config.dynamic\"> <child name=\"shop\"/> </service>"
	"      <service name=\"ROM\" label_prefix=\"a -> \"> <child name=\"shop\"/> </service>"
	"      <service name=\"ROM\" label_suffix=\".xml\"> <child name=\"shop\"/> </service>"
	"      <service name=\"Shop\"> <if-arg key=\"label\" value=\"focus\"/> <child name=\"nobody\"/> </service>"
	"      <service name=\"Shop\"> <if-arg key=\"size\" value=\"7\"/> <parent/> </service>"
	"      <service name=\"Nic\"> <parent/> </service>"
	"      <any-service> <child name=\"shop\"/> <parent/> <any-child/> </any-service>"
	"    </route>"
	"  </target>"
	"  <target name=\"third\" ram=\"1M\"> <provides> <service name=\"Desk\"/> </provides> </target>"
	"</config>";


struct Routing
{
	Xml_node          config { text };
	Timer::Connection timer { environment() };
	Platform          platform { environment(), heap(), config, timer };
	Instance          instance { heap(), 3 };

	Routing()
	{
		config.for_each_sub_node("target", [&] (Xml_node node) { instance.add(platform, node); });
		for (unsigned i = 0; i < instance.group.count; i++)
			instance.group.target[i]->start();
	}

	Target &operator [] (unsigned i) { return *instance.group.target[i]; }

	/* Index of the server; 10: the parent, 11: none, 12: denied */
	unsigned route(unsigned client, char const *service, char const *label, char const *args = "")
	{
		Target &t = (*this)[client];

		try {
			Routes::Server const s = t.routes().server_for(t, service, Session_label(label), args);
			return s.to == Routes::PARENT ? 10 : s.to == Routes::NOWHERE ? 11 : s.sibling->index();
		}
		catch (Parent::Service_denied) { return 12; }
	}
};

static Routing &routing()
{
	static Routing *routing = new Routing(); /* as the monitor, for good */
	return *routing;
}


void test_route()
{
	Routing &r = routing();

	/* the default: a target that provides ROM does not get its siblings' requests for it */
	EQUAL(r.route(2, "ROM", "generated"), 10);
	EQUAL(r.route(2, "Shop", ""), 0);
	EQUAL(r.route(2, "Timer", ""), 11);
	EQUAL(r.route(2, "Desk", ""), 12);    /* two provide it */

	/* by label, from the first rule that fits */
	EQUAL(r.route(1, "ROM", "config.dynamic"), 0);
	EQUAL(r.route(1, "ROM", "a -> b"), 0);
	EQUAL(r.route(1, "ROM", "b -> a"), 0); /* of any service: the server has ROM as well */
	EQUAL(r.route(1, "ROM", "x.xml"), 0);
	EQUAL(r.route(1, "LOG", ""), 10);
	EQUAL(r.route(1, "Shop", "focus"), 12); /* to a child that does not exist */
	EQUAL(r.route(1, "Shop", "other", "size=\"7\""), 12);
	EQUAL(r.route(1, "Shop", "other", "size=\"8\""), 0);
	EQUAL(r.route(1, "Nic", ""), 12);
	EQUAL(r.route(1, "Timer", ""), 11);

	/* without rules: core's services, and what no target has, from the parent */
	Target &t = monitor()[1];
	EQUAL(t.routes().server_for(t, "ROM", Session_label("x"), "").to, Routes::PARENT);
	EQUAL(t.routes().server_for(t, "Nic", Session_label("x"), "").to, Routes::PARENT);
	EQUAL(t.routes().server_for(t, "Shop", Session_label("x"), "").to, Routes::SIBLING);
}


void test_names()
{
	Routing &r = routing();
	Component c(r[1]), s(r[0]);

	CHECK(!strcmp(r[0].name(), "the-server-with-a-name-of-its-own"));
	CHECK(!strcmp(r[1].config().binary.string(), "other"));
	EQUAL(r[0].config().ram, 1 << 20);

	/* the label that the parent sees, and the server's */
	s.open("LOG", "ram_quota=8K, label=\"x\"");
	CHECK(!strcmp(world.last_label, "the-server-with-a-name-of-its-own -> x"));
	s.open("LOG", "ram_quota=8K");
	CHECK(!strcmp(world.last_label, "the-server-with-a-name-of-its-own"));

	/* "config" is a ROM module of another name, or the target's own, or nothing at all */
	CHECK(r[1].config().redirected("ROM", "config") == "config.dynamic");
	CHECK(r[1].config().redirected("ROM", "a -> config") == "a -> config.dynamic");
	CHECK(r[1].config().redirected("ROM", "other") == "other");
	CHECK(r[1].config().redirected("Shop", "config") == "config");
	CHECK(r[0].config().redirected("ROM", "config") == "config");
	bool denied = false;
	try { s.open("ROM", "ram_quota=4K, label=\"config\""); }
	catch (Parent::Service_denied) { denied = true; }
	CHECK(denied);

	/* only what the configuration says is announced */
	unsigned const before = lines(r[0], CAPLOG_OBJECT_SERVICE);
	s.parent.call<Parent::Rpc_announce>("Nothing", Root_capability());
	EQUAL(lines(r[0], CAPLOG_OBJECT_SERVICE), before);
	CHECK(r[0].config().service_that_begins("Sh") == "Shop");
	CHECK(!r[0].config().service_that_begins("").valid());
	CHECK(!r[0].config().service_that_begins("Shopping").valid());
}


/* Lines of a LOG session come out once each, and the exit value is kept */
void test_log()
{
	Target   &t = routing()[2];
	Component c(t);
	unsigned const before = world.lines;

	Capability<Genode::Log_session> const log = c.open<Genode::Log_session>("ram_quota=8K, label=\"x\"");
	EQUAL(log.call<Genode::Log_session::Rpc_write>(Genode::Log_session::String("hello")), 5);
	EQUAL(world.lines, before + 1);
	EQUAL(lines(t, CAPLOG_OBJECT_LOG), 1);
	c.close(log);
	EQUAL(lines(t, CAPLOG_OBJECT_LOG), 0);

	CHECK(!t.parent().exited());
	c.parent.call<Parent::Rpc_exit>(-3);
	CHECK(t.parent().exited());
	EQUAL(t.parent().exit_value(), -3);
}


/* Priorities and processors as init reads them */
void test_placement()
{
	Xml_node const config("<config prio_levels=\"4\"> <affinity-space width=\"4\" height=\"2\"/> </config>");
	Xml_node const plain("<config/>"), none("<target/>");

	EQUAL(Placement(plain, none).priority, Cpu_session::DEFAULT_PRIORITY);
	EQUAL(Placement(plain, Xml_node("<target priority=\"-1\"/>")).priority, 0);
	EQUAL(Placement(config, none).priority, 0);
	EQUAL(Placement(config, Xml_node("<target priority=\"-1\"/>")).priority, 1 << 14);
	EQUAL(Placement(config, Xml_node("<target priority=\"-9\"/>")).priority, 3 << 14);

	Placement const all(config, none);
	EQUAL(all.affinity.space().width(), 4);
	EQUAL(all.affinity.location().width(), 4);
	EQUAL(all.affinity.location().height(), 2);
	Placement const column(config, Xml_node("<target> <affinity xpos=\"2\"/> </target>"));
	EQUAL(column.affinity.location().xpos(), 2);
	EQUAL(column.affinity.location().width(), 1);
	EQUAL(column.affinity.location().height(), 2);
	Placement const clipped(config, Xml_node("<target> <affinity xpos=\"3\" width=\"3\" ypos=\"9\"/> </target>"));
	EQUAL(clipped.affinity.location().width(), 1);
	EQUAL(clipped.affinity.location().ypos(), 1);
	EQUAL(Placement(plain, none).affinity.location().width(), 1);
}
