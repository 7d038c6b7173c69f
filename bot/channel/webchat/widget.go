package webchat

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"
)

// noWidget is what sites get that embed the script although none may.
const noWidget = "console.info('The chat is not switched on for other sites: set SACHHON_WIDGET_ORIGINS to the origin of this page.');\n"

// widgetOnly answers for the framed page while no site may frame it.
func (w *Web) widgetOnly(next http.HandlerFunc) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		if len(w.origins) == 0 {
			plain(rw, http.StatusNotFound, wordsIn(askedLang("")).NoWidget)
			return
		}
		next(rw, r)
	}
}

// getWidgetScript serves the script that puts the chat on the centre's own
// site. Its name never changes, so that it is cached for an hour only.
func (w *Web) getWidgetScript(rw http.ResponseWriter, r *http.Request) {
	a := w.look().widget
	if len(w.origins) == 0 {
		a.body = []byte(noWidget)
	}
	sum := sha256.Sum256(a.body)
	h := rw.Header()
	h.Set("Content-Type", a.mime)
	h.Set("Cache-Control", "public, max-age=3600")
	h.Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
	http.ServeContent(rw, r, "", time.Time{}, bytes.NewReader(a.body))
}
