package telegramtest

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// maxBody is the most a request may weigh: the largest document and some.
const maxBody = 52 << 20

// upload is a file that came with a request.
type upload struct {
	name, mime string
	bytes      []byte
}

// request is one call of a method.
type request struct {
	method string // spelt as in the documentation
	params map[string]string
	files  map[string]upload
}

// get returns a parameter; "null" counts as absent, since libraries send it
// for an empty list.
func (r *request) get(name string) string {
	if v := r.params[name]; v != "null" {
		return v
	}
	return ""
}

// flag reads a boolean: only true, yes and 1 are true.
func (r *request) flag(name string) bool {
	switch strings.ToLower(r.get(name)) {
	case "true", "yes", "1":
		return true
	}
	return false
}

// number reads an integer; what is none counts as fallback.
func (r *request) number(name string, fallback int) int {
	n, err := strconv.ParseInt(strings.TrimSpace(r.get(name)), 10, 32)
	if err != nil {
		return fallback
	}
	return int(n)
}

// long reads an integer of up to 64 bits; 0: it is none.
func (r *request) long(name string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(r.get(name)), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// readRequest takes the parameters out of the query and of a body of any of the
// forms that Telegram reads.
func readRequest(hr *http.Request) (*request, *apiError) {
	r := &request{params: map[string]string{}, files: map[string]upload{}}
	r.take(hr.URL.Query())
	if hr.Method != http.MethodGet && hr.Method != http.MethodPost {
		return nil, asIs(405, "Method Not Allowed: unsupported HTTP method")
	}
	if hr.Body == nil {
		return r, nil
	}
	if hr.ContentLength > maxBody {
		return nil, asIs(413, "Request Entity Too Large")
	}
	body := http.MaxBytesReader(nil, hr.Body, maxBody)
	defer body.Close()
	kind, options, _ := mime.ParseMediaType(hr.Header.Get("Content-Type"))
	if strings.HasPrefix(kind, "multipart/") {
		return r, r.takeParts(multipart.NewReader(body, options["boundary"]))
	}
	raw, err := io.ReadAll(body)
	if err != nil {
		return nil, tooBig(err)
	}
	switch kind {
	case "application/json":
		return r, r.takeJSON(raw)
	case "application/x-www-form-urlencoded":
		values, err := url.ParseQuery(string(raw))
		if err != nil {
			return nil, refused(400, "can't parse the request body")
		}
		r.take(values)
	}
	return r, nil
}

// tooBig says why a body could not be read.
func tooBig(err error) *apiError {
	var limit *http.MaxBytesError
	if errors.As(err, &limit) {
		return asIs(413, "Request Entity Too Large")
	}
	return refused(400, "the request body was cut off")
}

func (r *request) take(values url.Values) {
	for name, all := range values {
		r.params[name] = all[0]
	}
}

func (r *request) takeJSON(raw []byte) *apiError {
	if len(raw) == 0 {
		return nil
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return refused(400, "can't parse the request: JSON object expected")
	}
	for name, value := range fields {
		var text string
		if json.Unmarshal(value, &text) == nil && string(value) != "null" {
			r.params[name] = text
			continue
		}
		r.params[name] = string(value)
	}
	return nil
}

func (r *request) takeParts(parts *multipart.Reader) *apiError {
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return tooBig(err)
		}
		raw, err := io.ReadAll(part)
		if err != nil {
			return tooBig(err)
		}
		name := part.FormName()
		if file := part.FileName(); file != "" {
			r.files[name] = upload{name: file, mime: part.Header.Get("Content-Type"), bytes: raw}
			continue
		}
		r.params[name] = string(raw)
	}
}
