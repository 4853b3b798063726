/* SPDX-License-Identifier: BSD-2-Clause */
/* Specs, caplog-spec(5) */
#include "spec.h"
#include "t_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct spec spec;

	if (!spec_load(&spec, t_fuzz_file(data, size))) {
		t_must(spec.count > 0);
		spec_free(&spec);
	}
	return 0;
}
