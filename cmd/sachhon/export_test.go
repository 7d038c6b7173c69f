package main

import (
	"strings"
	"testing"
)

// TestExportOfAClassThatIsNone wants no table where the class named is none, or
// where a class says nothing about what is exported: an empty table would be
// believed, and everybody's would be handed on.
func TestExportOfAClassThatIsNone(t *testing.T) {
	data := t.TempDir()
	for _, tt := range []struct {
		code       int
		what, says string
	}{
		{exitFailed, "registrations", `there is no class "zzzz"; see `},
		{exitUsage, "contacts", "--class goes with registrations only"},
	} {
		out, errs, code := output(t, "", "export", tt.what, "--class", "zzzz", "--format", "csv", "--data", data)
		if code != tt.code || !strings.Contains(errs, tt.says) || out != "" {
			t.Errorf("%s: status %d, %q, %q", tt.what, code, out, errs)
		}
	}
}
