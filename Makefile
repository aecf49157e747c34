# make run builds the program and runs it; make alone says what else there is. Paths stay relative, so that the folder
# may have any name. Variables: CONFIG, OUT, ARGS (run); BUILD, CMAKE_ARGS (build); SKIP_DEPS=1 to install nothing.

BUILD ?= build
CONFIG ?= configs/baseline.toml
OUT ?= results/$(basename $(notdir $(CONFIG)))
ARGS ?=
CMAKE_ARGS ?=
CTEST_ARGS ?=
MINUTES ?= 10

BUILD_PACKAGES := g++ cmake ninja-build pkg-config libspdlog-dev libfmt-dev libcli11-dev libtomlplusplus-dev \
  nlohmann-json3-dev libxxhash-dev libnetcdf-dev libjs-chart.js
TEST_PACKAGES := libgtest-dev librandom123-dev python3 python3-xarray python3-netcdf4 python3-pandas python3-scipy \
  python3-matplotlib r-base-core r-cran-ncdf4 gnuplot-nox 'nco?' \
  'chromium-headless-shell?' 'clang-format-14?' 'clang-tidy-14?' 'python3-pip?' 'python3-venv?'
BENCH_PACKAGES := libbenchmark-dev
PEER_PACKAGES := python3 'python3-pip?' 'python3-venv?'

install = $(if $(SKIP_DEPS),,sh cmake/install-deps.sh $(1))
# A build folder that came along when the tree was moved or copied is configured afresh.
define configure
@old=$$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$(BUILD)/CMakeCache.txt" 2>/dev/null); \
fresh=; if [ -n "$$old" ] && ! [ "$$old" -ef . ]; then fresh=--fresh; fi; \
cmake $$fresh -S . -B "$(BUILD)" -G Ninja $(1) $(CMAKE_ARGS)
endef

# A first build that is for running here alone has no use for GPU code where there is no GPU: it takes most of the time.
# `make build` and `make test` build it wherever there is a compiler for it.
cuda_here = $(shell [ -e "$(BUILD)/CMakeCache.txt" ] || ls /dev/nvidia[0-9]* /dev/dxg 2>/dev/null | grep -q . || echo -DCHOKEPOINT_CUDA=OFF)
# For what compiles one source again and again, by the commands of the build.
apart := -DCMAKE_UNITY_BUILD=OFF

.DEFAULT_GOAL := help
.PHONY: help run claims reference program_here build check test stress bench bench-peers mutation fuzz verification tidy \
  clean install-deps
.NOTPARALLEL:

help:
	@echo 'make run           install what is missing, build, and run $(CONFIG) into $(OUT)'
	@echo '                   (CONFIG=FILE another scenario, ARGS="..." more arguments for the run)'
	@echo 'make claims        put a probability on every claim of configs/evidence, and write the table of docs/claims.md'
	@echo 'make build         install what is missing and build the program, $(BUILD)/chokepoint'
	@echo 'make check         build the tests and run those that take two minutes together: before each commit'
	@echo 'make test          build and run every test'
	@echo 'make stress        try to break the program thousands of times: limits, failing calls, signals, races (hours)'
	@echo 'make verification  build the tests and write docs/verification.md: hours; can be resumed (ARGS=--quick: a minute)'
	@echo 'make bench         build and run the micro-benchmarks'
	@echo 'make bench-peers   the same model in NumPy, Numba, JAX and plain C++: agreement, then speed (ARGS="--rounds 3")'
	@echo 'make mutation      plant faults in the model and show which test catches each (half an hour)'
	@echo 'make fuzz          fuzz what reads foreign input for MINUTES=$(MINUTES)'
	@echo 'make tidy          look at every source with clang-tidy (some minutes; make test takes a sample)'
	@echo 'make reference     write the pages of docs that the program prints from its tables'
	@echo 'make install-deps  install what any of these needs (Debian packages, as root or with sudo)'
	@echo 'make clean         remove $(BUILD)/'

run: program_here
	"$(BUILD)/chokepoint" run "$(CONFIG)" --out "$(OUT)" --force $(ARGS)

claims: program_here
	"$(BUILD)/chokepoint" verdict configs/evidence --markdown $(ARGS) | python3 docs/claims_table.py docs/claims.md

reference: program_here
	python3 docs/make_reference.py . "$(BUILD)/chokepoint"

program_here:
	@$(call install,$(BUILD_PACKAGES))
	$(call configure,$(cuda_here))
	cmake --build "$(BUILD)" --target chokepoint

build:
	@$(call install,$(BUILD_PACKAGES))
	$(call configure,-DCHOKEPOINT_CUDA=AUTO)
	cmake --build "$(BUILD)" --target chokepoint

check:
	@$(call install,$(BUILD_PACKAGES) $(TEST_PACKAGES))
	$(call configure,-DCHOKEPOINT_TESTS=ON -DCHOKEPOINT_CUDA=AUTO)
	cmake --build "$(BUILD)" --target all_tests
	ctest --test-dir "$(BUILD)" --output-on-failure --no-tests=error -j "$$(nproc)" -LE slow $(CTEST_ARGS)

test:
	@$(call install,$(BUILD_PACKAGES) $(TEST_PACKAGES))
	$(call configure,-DCHOKEPOINT_TESTS=ON -DCHOKEPOINT_CUDA=AUTO)
	@$(if $(SKIP_DEPS),,sh cmake/install-nvdisasm.sh "$(BUILD)")
	@$(if $(SKIP_DEPS),,sh cmake/install-compliance-checker.sh "$(BUILD)")
	cmake --build "$(BUILD)" --target all_tests
	ctest --test-dir "$(BUILD)" --output-on-failure --no-tests=error -j "$$(nproc)" \
	  --output-junit test-results.xml $(CTEST_ARGS)

stress:
	@$(call install,$(BUILD_PACKAGES) $(TEST_PACKAGES))
	$(call configure,-DCHOKEPOINT_TESTS=ON $(cuda_here))
	cmake --build "$(BUILD)" --target chokepoint tally_driver
	python3 -B tests/stress/run.py . "$(BUILD)" --full $(ARGS)

verification:
	@$(call install,$(BUILD_PACKAGES) $(TEST_PACKAGES))
	$(call configure,-DCHOKEPOINT_TESTS=ON $(cuda_here))
	cmake --build "$(BUILD)" --target chokepoint verification
	python3 -B tests/verification/report.py --build "$(BUILD)" $(ARGS)

bench:
	@$(call install,$(BUILD_PACKAGES) $(BENCH_PACKAGES))
	$(call configure,-DCHOKEPOINT_BENCH=ON $(cuda_here))
	cmake --build "$(BUILD)" --target bench_micro
	"$(BUILD)/bench/bench_micro" $(ARGS)

bench-peers:
	@$(call install,$(BUILD_PACKAGES) $(PEER_PACKAGES))
	$(call configure,$(cuda_here))
	cmake --build "$(BUILD)" --target chokepoint
	python3 -B bench/peers/bench.py --build "$(BUILD)" --config "$(CONFIG)" $(ARGS)

mutation:
	@$(call install,$(BUILD_PACKAGES) $(TEST_PACKAGES))
	$(call configure,$(apart) -DCHOKEPOINT_TESTS=ON $(cuda_here))
	cmake --build "$(BUILD)" --target chokepoint_commands
	python3 -B tests/mutation/mutate.py . "$(BUILD)" --table tests/mutation/results.md

fuzz:
	@$(call install,$(BUILD_PACKAGES) $(TEST_PACKAGES))
	$(call configure,$(apart) -DCHOKEPOINT_TESTS=ON $(cuda_here))
	cmake --build "$(BUILD)" --target fuzz_driver
	python3 -B tests/fuzz/long_run.py . "$(BUILD)" --minutes "$(MINUTES)"

tidy:
	@$(call install,$(BUILD_PACKAGES) $(TEST_PACKAGES))
	$(call configure,-DCHOKEPOINT_TESTS=ON $(cuda_here))
	python3 -B tests/base/tidy_test.py . "$(BUILD)" --all

install-deps:
	@$(call install,$(BUILD_PACKAGES) $(TEST_PACKAGES) $(BENCH_PACKAGES))

clean:
	rm -rf "$(BUILD)"
