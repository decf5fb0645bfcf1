# The commands that developers and CI use.

STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
BENCHSTAT = golang.org/x/perf/cmd/benchstat@v0.0.0-20260908200009-22c9c6c9d4da

.PHONY: bench benchstat build release release-check spreadsheet schedules windows test staticcheck fuzz mutations explore demo pictures torture

build: ## the program, in this folder
	CGO_ENABLED=0 go build -trimpath -o cucbulk .

release: ## what is given to users, for six systems, with checksums, in dist
	.ci/release

release-check: ## proves that the same commit gives the same bytes in any folder
	.ci/release --check

spreadsheet: ## LibreOffice opens what a run leaves, and saves what a run reads
	.ci/spreadsheet

schedules: ## Debian's cron runs the sample for it
	.ci/schedules

windows: ## the program for Windows, and the tests that touch the system, under Wine
	.ci/windows

test: ## every test, with the race detector; and memory, which it distorts, without
	go test -race -timeout 20m ./...
	go test -run LittleMemory ./batch/input

staticcheck: ## what vet does not see
	go run $(STATICCHECK) ./...

demo: ## the main job on the embedded simulator
	go run . demo

pictures: ## the pictures of the documents anew; needs chromium and termtosvg
	docs/pictures/make

torture: ## the proof of what holds when everything goes wrong; CI asks for less of it
	GOGC=400 go test -count=1 -timeout 3h -v ./torture -kills $(KILLS) -seeds $(SEEDS) -races $(RACES) -nights $(NIGHTS) -letters $(LETTERS) -stride $(STRIDE)
	go test -count=1 ./batch -run TestWholePeople -people 500

KILLS ?= 10000
SEEDS ?= 100
RACES ?= 1000
NIGHTS ?= 10000
LETTERS ?= 3000
STRIDE ?= 1

explore: ## new random cases for the properties that must always hold
	RAPID_CHECKS=$(CHECKS) go test -count=1 -timeout 3h -run 'InOrderKeepsOrder|ThePreflightIsHonest|ARollbackLosesNothing|OrderOfExtensions|RoundTrip|TheForecastIsWhatTheRunDoes|WhatAMessageAdvises|Nights' ./batch ./batch/roster ./cupi

CHECKS ?= 2000

bench: ## what it costs, against what people have without it: make bench > docs/bench.md
	@go run ./bench $(BENCHFLAGS)

benchstat: ## the hot paths, now against the last commit
	@set -e; before=$$(mktemp -d); trap 'git worktree remove --force '$$before EXIT; git worktree add -q --detach $$before HEAD; \
	for turn in 1 2 3 4 5 6; do \
		(cd $$before && go test -run '^$$' -bench . -benchtime 200ms $(HOTPATHS)) >> $$before/old.txt; \
		go test -run '^$$' -bench . -benchtime 200ms $(HOTPATHS) >> $$before/new.txt; \
	done; \
	go run $(BENCHSTAT) old=$$before/old.txt new=$$before/new.txt

HOTPATHS = ./validate ./batch/input ./batch/journal ./batch ./cupi

fuzz: ## each fuzz target for FUZZTIME, one on each core
	@FUZZTIME=$(FUZZTIME) .ci/fuzz

FUZZTIME ?= 1m

mutations: ## MUTATIONS damaged copies of the samples are read, and nothing happens
	go test -count=1 -timeout 3h -v ./samples -run TestDamagedBytesSendNothing -mutations $(MUTATIONS)

MUTATIONS ?= 100000
