/* SPDX-License-Identifier: BSD-2-Clause */
/* How cost grows with capabilities and with events: data for the plots */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "restore.h"

enum { REPEAT = 31, EVENTS = 100 };

static FILE *open_data(const char *directory, const char *name, const char *columns)
{
	char path[512];

	snprintf(path, sizeof path, "%s/%s", directory, name);
	FILE *f = fopen(path, "w");
	if (f)
		fprintf(f, "# %s\n", columns);
	else
		fprintf(stderr, "bench: cannot write %s\n", path);
	return f;
}

static double first_checkpoint(uint32_t live)
{
	double us[REPEAT];

	for (unsigned i = 0; i < REPEAT; i++) {
		struct model *m = model_new(live);
		us[i] = checkpoint_once(m, 0, 0) / 1e3;
		model_free(m);
	}
	return bench_median(us, REPEAT);
}

static double next_checkpoint(uint32_t live, uint64_t events)
{
	struct model *m = model_new(live);
	double us[REPEAT];
	unsigned const repeat = events > 1000000 ? 3 : REPEAT;

	checkpoint_once(m, 0, 0);
	for (unsigned i = 0; i < repeat; i++) {
		model_spin(m, events);
		us[i] = checkpoint_once(m, 0, 0) / 1e3;
	}
	model_free(m);
	return bench_median(us, repeat);
}

static void restores(FILE *f, uint32_t live)
{
	struct model *m = model_new(live);
	double plan[REPEAT], execute[REPEAT], all[REPEAT];
	uint64_t size;
	void *image = model_image(m, &size);

	model_free(m);
	restore_once(image, size); /* warm up */
	for (unsigned i = 0; i < REPEAT; i++) {
		struct restore_time const t = restore_once(image, size);
		plan[i] = t.plan / 1e3;
		execute[i] = t.execute / 1e3;
		all[i] = t.all / 1e3;
	}
	free(image);
	fprintf(f, "%u %.2f %.2f %.2f", live, bench_median(plan, REPEAT),
	        bench_median(execute, REPEAT), bench_median(all, REPEAT));
}

int bench_growth(const char *directory)
{
	static const uint32_t caps[] = { 10, 30, 100, 300, 1000, 2000, 3000, 4000 };
	FILE *f = open_data(directory, "capabilities.dat",
	                    "capabilities; us: plan, execute, restore, first and next checkpoint");

	if (!f)
		return -1;
	for (unsigned i = 0; i < sizeof caps / sizeof caps[0]; i++) {
		restores(f, caps[i]);
		fprintf(f, " %.2f %.2f\n", first_checkpoint(caps[i]), next_checkpoint(caps[i], EVENTS));
	}
	fclose(f);

	f = open_data(directory, "events.dat", "events; us: fold, checkpoint at 4000 capabilities");
	if (!f)
		return -1;
	for (uint64_t n = 10; n <= 10000000; n *= 10) {
		fprintf(f, "%llu %.2f %.2f\n", (unsigned long long)n, bench_fold_time(n) / 1e3,
		        next_checkpoint(4000, n));
		if (n < 10000000)
			fprintf(f, "%llu %.2f %.2f\n", 3 * (unsigned long long)n,
			        bench_fold_time(3 * n) / 1e3, next_checkpoint(4000, 3 * n));
	}
	fclose(f);
	return 0;
}
