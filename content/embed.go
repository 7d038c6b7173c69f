package content

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

//go:embed *.yaml flows texts places questionnaires transcripts tips leaflets answers
var embedded embed.FS

// Embedded returns the content that is built into the program.
func Embedded() fs.FS { return embedded }

// ErrNotEmpty is what [Export] fails with when the folder holds something.
var ErrNotEmpty = errors.New("the folder is not empty")

// Export writes the content files of fsys into the folder dir, which is made
// if need be. A folder that holds anything is refused with [ErrNotEmpty] and
// left as it was.
func Export(fsys fs.FS, dir string) error {
	found, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("export content: %w", err)
	}
	if len(found) > 0 {
		return fmt.Errorf("export content to %s: %w", dir, ErrNotEmpty)
	}
	files, err := contentFiles(fsys)
	if err != nil {
		return fmt.Errorf("export content: %w", err)
	}
	for _, name := range files {
		if err := exportFile(fsys, name, filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			return fmt.Errorf("export content: %w", err)
		}
	}
	return nil
}

func exportFile(fsys fs.FS, name, to string) error {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, b, 0o644)
}
