package bot

import (
	"testing"

	"sachhon/scheduler"
)

// TestWhatIsMeasuredIsWhatIsFired holds the page of the program to the one that
// BenchmarkDueJobs measures.
func TestWhatIsMeasuredIsWhatIsFired(t *testing.T) {
	if firePage != scheduler.PageOfJobs {
		t.Errorf("a page of %d jobs is fired, one of %d measured", firePage, scheduler.PageOfJobs)
	}
}
