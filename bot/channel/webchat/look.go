package webchat

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed static templates
var files embed.FS

// look is how the page looks: its templates and its assets.
type look struct {
	templates *template.Template
	assets    map[string]asset  // by name with hash
	names     map[string]string // the name with hash, by plain name
	widget    asset
}

type asset struct {
	mime string
	body []byte
}

var mimes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// loadLook reads the embedded files; they are part of the program, and a fault
// in them is a fault in the program.
func loadLook() *look {
	l := &look{assets: map[string]asset{}, names: map[string]string{}}
	l.templates = template.Must(template.New("").Funcs(template.FuncMap{"asset": l.url}).ParseFS(files, "templates/*.html"))
	entries, err := fs.ReadDir(files, "static")
	if err != nil {
		panic(fmt.Sprintf("read embedded assets: %v", err))
	}
	for _, e := range entries {
		body, err := files.ReadFile("static/" + e.Name())
		if err != nil {
			panic(fmt.Sprintf("read embedded assets: %v", err))
		}
		ending := path.Ext(e.Name())
		a := asset{mimes[ending], body}
		if e.Name() == "widget.js" {
			l.widget = a // has a name of its own, which other sites write down
			continue
		}
		sum := sha256.Sum256(body)
		hashed := strings.TrimSuffix(e.Name(), ending) + "." + hex.EncodeToString(sum[:6]) + ending
		l.names[e.Name()], l.assets[hashed] = hashed, a
	}
	return l
}

// url is the address of an asset that changes when its bytes do.
func (l *look) url(name string) (string, error) {
	hashed, ok := l.names[name]
	if !ok {
		return "", fmt.Errorf("no asset %s", name)
	}
	return "/assets/" + hashed, nil
}

func (l *look) render(out io.Writer, name string, view any) error {
	return l.templates.ExecuteTemplate(out, name, view)
}

// getAsset serves a style, a script or a picture of the page itself.
func (w *Web) getAsset(rw http.ResponseWriter, r *http.Request) {
	a, ok := w.look().assets[r.PathValue("name")]
	if !ok {
		plain(rw, http.StatusNotFound, wordsIn(askedLang("")).NoMedia)
		return
	}
	rw.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	rw.Header().Set("Content-Type", a.mime)
	http.ServeContent(rw, r, "", time.Time{}, bytes.NewReader(a.body))
}
