package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"sachhon/content"
)

type versionCmd struct{}

// Run prints the three versions.
func (versionCmd) Run(env *environment) error {
	set, _ := content.Load(content.Embedded())
	contentVersion := "unreadable"
	if set != nil {
		contentVersion = set.Version
	}
	fmt.Fprintf(env.out, "sachhon %s\n%s\ncontent %s\n", version(), runtime.Version(), contentVersion)
	return nil
}

// version is what the Go toolchain stamped into the program: a tag, or the
// commit it was built from.
func version() string {
	b, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range b.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 && (b.Main.Version == "" || b.Main.Version == "(devel)") {
			return s.Value[:12]
		}
	}
	if b.Main.Version == "" {
		return "(devel)"
	}
	return b.Main.Version
}
