# SPDX-License-Identifier: BSD-2-Clause
#
# In the place of Genode's build system, for tests/tutorial.sh
#
# Reads the configuration of the build directory as that one does. A target must
# be in one of the repositories, a run script as well, and of a script of ours
# the targets that it builds; then what was recorded of the script is printed.
#
include etc/build.conf
include etc/specs.conf

BOARD   := $(patsubst foc_%,%,$(filter foc_%,$(SPECS)))
TARGETS := $(filter-out run/%,$(MAKECMDGOALS))
SCRIPTS := $(filter run/%,$(MAKECMDGOALS))

# \param 1  what is missing
refuse = { echo "$(1)" >&2; exit 1; }

# Is there a target.mk in this directory of a repository, or below?
has_target = test -n "$$(for r in $(REPOSITORIES); do find -L "$$r/src/$(1)" -name target.mk 2>/dev/null; done)"

.PHONY: $(TARGETS) $(SCRIPTS)

# What takes precedence comes first; a board has no core without base-foc
$(TARGETS) $(SCRIPTS): | repositories
.PHONY: repositories
repositories:
	@test -e "$(firstword $(REPOSITORIES))/lib/mk/caplog.inc" || $(call refuse,the first repository is not caplog's)
	@test -d "$(word 2,$(REPOSITORIES))/src/core/spec/$(BOARD)" || $(call refuse,the second repository is not base-foc)

$(TARGETS):
	@$(call has_target,$@) || $(call refuse,no target $@ in $(REPOSITORIES))
	@echo "    MERGE    $@"

$(SCRIPTS):
	@! grep -q '^[^#]*-no-kvm' etc/build.conf || $(call refuse,qemu: -no-kvm: invalid option)
	@for r in $(REPOSITORIES); do test -e "$$r/$@.run" && exit 0; done; $(call refuse,no run script $@.run)
	@for t in $$(for r in $(REPOSITORIES); do cat "$$r/$@.run" 2>/dev/null; done | grep -o '\<caplog/[a-z_]*'); do \
		test -e "$(firstword $(REPOSITORIES))/src/$$t/target.mk" || $(call refuse,$@.run builds $$t$(comma) which is missing); done
	@test -e "$(RECORDED)/$(BOARD)-$(@:run/%=%).log.gz" || $(call refuse,$@ was not recorded for $(BOARD))
	@gzip -dc "$(RECORDED)/$(BOARD)-$(@:run/%=%).log.gz" | sed "s|/home/me|$$HOME|g"

comma := ,
