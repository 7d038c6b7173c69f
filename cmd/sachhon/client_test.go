package main

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
)

// TestDataFolderThatCannotBeUsed wants to be told what to do when the folder is
// a file or belongs to somebody else.
func TestDataFolderThatCannotBeUsed(t *testing.T) {
	file := write(t, "data", "")
	if _, errs, code := output(t, "", "--data", file, "broadcast", "list"); code != exitFailed || !strings.Contains(errs, "is no folder; name another with --data") {
		t.Errorf("of a file: status %d, %q", code, errs)
	}
	// Whoever runs tests may be allowed everything.
	denied := fmt.Errorf("open store: %w", &os.PathError{Op: "open", Path: "/srv/x/sachhon.db", Err: syscall.EACCES})
	if got := unopened("/srv/x", denied).Error(); !strings.Contains(got, "run the command as the user who runs the server") {
		t.Errorf("of somebody else's: %s", got)
	}
}
