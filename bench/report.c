/* SPDX-License-Identifier: BSD-2-Clause */
#include "bench.h"

#include <jansson.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

static json_t *rows, *figures, *machine;
static int failures;

struct bench_spread bench_exact(double value)
{
	struct bench_spread const s = { value, value, value };
	return s;
}

const char *bench_text(const char *fmt, ...)
{
	static char buf[8][160];
	static unsigned next;
	char *text = buf[next++ % 8];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof buf[0], fmt, args);
	va_end(args);
	return text;
}

void bench_heading(const char *title)
{
	printf("\n%s\n  %-44s %10s  %-19s %9s\n", title, "", "median", "   min .. max", "target");
}

static void line(const char *name, struct bench_spread v, const char *unit, const char *target,
                 const char *mark, const char *about)
{
	printf("%s %-44s %8.*f %-2s %8.2f .. %-8.2f %8s  %s\n", mark, name, v.median < 1000 ? 2 : 0,
	       v.median, unit, v.min, v.max, target, about);
	fflush(stdout);
}

static json_t *entry(const char *name, struct bench_spread v, const char *unit, const char *about)
{
	return json_pack("{s:s, s:f, s:f, s:f, s:s, s:s}", "name", name, "value", v.median,
	                 "min", v.min, "max", v.max, "unit", unit, "about", about);
}

void bench_row(enum bench_sense sense, double target, struct bench_spread value,
               const char *unit, const char *name, const char *about)
{
	int const least = sense == BENCH_AT_LEAST;
	int const ok = least ? value.median >= target : value.median <= target;
	json_t *row = entry(name, value, unit, about);

	failures += !ok;
	line(name, value, unit, bench_text("%s %g", least ? ">=" : "<=", target), ok ? " " : "!",
	     about);
	json_object_set_new(row, "target", json_real(target));
	json_object_set_new(row, "sense", json_string(least ? "at least" : "at most"));
	json_object_set_new(row, "ok", json_boolean(ok));
	if (!rows)
		rows = json_array();
	json_array_append_new(rows, row);
}

void bench_figure(struct bench_spread value, const char *unit, const char *name,
                  const char *about)
{
	line(name, value, unit, "", " ", about);
	if (!figures)
		figures = json_array();
	json_array_append_new(figures, entry(name, value, unit, about));
}

static void cpu_model(char *text, size_t size)
{
	FILE *f = fopen("/proc/cpuinfo", "r");
	char buf[256];

	snprintf(text, size, "unknown");
	while (f && fgets(buf, sizeof buf, f)) {
		char *colon = strchr(buf, ':');
		if (strncmp(buf, "model name", 10) || !colon)
			continue;
		colon[strcspn(colon, "\n")] = 0;
		snprintf(text, size, "%s", colon + 2);
		break;
	}
	if (f)
		fclose(f);
}

void bench_machine(void)
{
	char cpu[128];
	double load = 0;
	struct utsname u;
	FILE *f = fopen("/proc/loadavg", "r");

	if (f && fscanf(f, "%lf", &load) != 1)
		load = 0;
	if (f)
		fclose(f);
	cpu_model(cpu, sizeof cpu);
	uname(&u);
	machine = json_pack("{s:s, s:i, s:s, s:s, s:f, s:i, s:i}", "cpu", cpu, "cpus",
	                    bench_cpus(), "kernel", u.release, "compiler", __VERSION__,
	                    "load", load, "rounds", (int)bench_rounds, "batches",
	                    (int)bench_batches);
	printf("%s, %d usable, %s %s, compiler %s, load %.2f\n%u rounds of %u batches; "
	       "'!' marks a row below its target\n", cpu, bench_cpus(), u.sysname, u.machine,
	       __VERSION__, load, bench_rounds, bench_batches);
}

int bench_write_json(const char *path)
{
	json_t *all = json_pack("{s:o, s:o, s:o}", "machine", machine, "rows",
	                        rows ? rows : json_array(), "figures",
	                        figures ? figures : json_array());
	int const err = json_dump_file(all, path, JSON_INDENT(2) | JSON_REAL_PRECISION(6));

	if (err)
		fprintf(stderr, "bench: cannot write %s\n", path);
	json_decref(all);
	return err;
}

int bench_failures(void) { return failures; }
