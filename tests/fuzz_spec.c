/* SPDX-License-Identifier: BSD-2-Clause */
/* Specs, caplog-spec(5) */
#include "spec.h"
#include "t_fuzz_files.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int begun;
	struct spec spec;

	if (!begun++)
		t_print_nothing();
	if (!spec_load(&spec, t_fuzz_file(data, size))) {
		t_must(spec.count > 0);
		spec_free(&spec);
	}
	t_all_closed();
	return 0;
}
