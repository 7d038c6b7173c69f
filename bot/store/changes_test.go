package store

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// TestChangesNeverCallAWrittenContactUnchanged writes contacts in many commits:
// whoever was written after a version is known as changed, and hardly anybody
// else is.
func TestChangesNeverCallAWrittenContactUnchanged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, last := newChanges(), map[string]uint64{}
		commits := rapid.IntRange(1, 40).Draw(t, "commits")
		for version := range uint64(commits) {
			for range rapid.IntRange(0, 20).Draw(t, "contacts") {
				contact := fmt.Sprint("c", rapid.IntRange(0, 200).Draw(t, "contact"))
				c.note(contact, version+1)
				last[contact] = version + 1
			}
		}
		needless := 0
		for n := range 300 {
			contact := fmt.Sprint("c", n)
			for version := range uint64(commits + 1) {
				is := last[contact] <= version
				said := c.unchanged(contact, version)
				if said && !is {
					t.Fatalf("%s was written in %d and is called unchanged since %d", contact, last[contact], version)
				}
				if is && !said {
					needless++
					break
				}
			}
		}
		if needless > 10 {
			t.Fatalf("%d of 300 are called changed for nothing", needless)
		}
	})
}
