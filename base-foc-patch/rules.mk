# SPDX-License-Identifier: BSD-2-Clause
#
# The overlay as a Genode repository: docs/genode.md
#
# Sources and include path of a release's variant: what all have, and its own
patch_base   = $(wildcard base-foc-patch/common/src/lib/base/$(2) base-foc-patch/$(1)/src/lib/base/$(2))
patch_core   = $(wildcard base-foc-patch/common/src/core/*.cc base-foc-patch/$(1)/src/core/*.cc pd_ext/src/core/*.cc pd_ext/$(1)/src/core/*.cc)
patch_public = $(1:%=-Ibase-foc-patch/%/include) -Ibase-foc-patch/common/include -Ipd_ext/include
patch_inc    = $(1:%=-Ibase-foc-patch/%/src/include) -Ibase-foc-patch/common/src/include

GENODE_REPO ?= $(BUILD)/genode-repo
GENODE_DIR  ?=
BUILD_DIR   ?=

.PHONY: genode-repo genode-check

genode-repo:
	@base-foc-patch/genode-repo . "$(GENODE_REPO)" "$(GENODE_DIR)"

genode-check: $(if $(GENODE_DIR),genode-repo)
	@base-foc-patch/genode-check "$(GENODE_REPO)" "$(GENODE_DIR)" "$(BUILD_DIR)"
