package bot

import (
	"io/fs"
	"testing"

	"sachhon/content"
	"sachhon/dialogs/dialogstest"
)

// TestTranscripts plays every transcript of the embedded content against the
// whole bot over a real store, which is checked afterwards.
func TestTranscripts(t *testing.T) {
	files := content.Embedded()
	names, err := fs.Glob(files, "transcripts/*.txt")
	if err != nil || len(names) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			f, err := files.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			script, err := dialogstest.Parse(name, f)
			if err != nil {
				t.Fatal(err)
			}
			stage, err := NewStage(t.TempDir(), files, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := stage.Close(); err != nil {
					t.Error(err)
				}
			}()
			diff, err := dialogstest.Play(script, stage)
			if err != nil {
				t.Fatal(err)
			}
			if diff != "" {
				t.Error(diff)
			}
			problems, err := stage.Problems()
			for _, p := range problems {
				t.Error(p)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
}
