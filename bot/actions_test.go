package bot

import (
	"maps"
	"slices"
	"testing"

	"sachhon/content"
)

// TestEveryActionOfTheContentIsThere holds what flows may ask for against what
// the bot carries out, both ways round.
func TestEveryActionOfTheContentIsThere(t *testing.T) {
	var promised []string
	for _, a := range content.Actions() {
		promised = append(promised, a.Name)
	}
	slices.Sort(promised)
	if done := slices.Sorted(maps.Keys(newActions(nil).do)); !slices.Equal(done, promised) {
		t.Errorf("the content may ask for %v, the bot does %v", promised, done)
	}
}
