// Command go-parsers reads expositions with Prometheus' own parsers, and writes what they found as JSON.
//
// Standard input is a sequence of pages. A page is one line of JSON (see request), then as many bytes as it says. Each page is answered with one
// line of JSON (see answer). A page that a parser refuses is an answer with an error, beside what was read before the error.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// The largest page, in bytes: a larger one is a mistake of the caller.
const maxPage = 1 << 30

type request struct {
	// "textparse" is what Prometheus scrapes with, "expfmt" decodes into client_model's MetricFamily.
	Reader      string `json:"reader"`
	ContentType string `json:"contentType"`
	// Bytes of the page.
	Length int `json:"length"`
	// textparse: classic buckets are dropped where a histogram is native too.
	DropClassic bool `json:"dropClassic"`
	// textparse: no native histograms, as without `scrape_native_histograms`.
	DropNative bool `json:"dropNative"`
	// textparse: `_created` is a start time, not a series of its own.
	SkipCreated bool `json:"skipCreated"`
	// Nothing is kept but the count of samples, to measure the parser alone.
	CountOnly bool `json:"countOnly"`
}

type answer struct {
	Metadata []metadata        `json:"metadata,omitempty"` // textparse
	Samples  []sample          `json:"samples,omitempty"`  // textparse
	Families []json.RawMessage `json:"families,omitempty"` // expfmt: protobuf's own JSON of each MetricFamily
	Count    int               `json:"count"`              // Samples (textparse) or families (expfmt)
	Error    string            `json:"error,omitempty"`
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	if err := serve(in, out); err != nil {
		fmt.Fprintln(os.Stderr, "go-parsers:", err)
		os.Exit(1)
	}
}

func serve(in *bufio.Reader, out *bufio.Writer) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			return out.Flush()
		}
		if err != nil {
			return fmt.Errorf("a page starts with a line of JSON: %w", err)
		}
		var asked request
		if err := json.Unmarshal(line, &asked); err != nil {
			return fmt.Errorf("a page starts with a line of JSON: %w", err)
		}
		if asked.Length < 0 || asked.Length > maxPage {
			return fmt.Errorf("a page of %d bytes", asked.Length)
		}
		page := make([]byte, asked.Length)
		if _, err := io.ReadFull(in, page); err != nil {
			return fmt.Errorf("a page of %d bytes: %w", asked.Length, err)
		}
		if err := encoder.Encode(read(asked, page)); err != nil {
			return err
		}
		// The caller may wait for this answer before it sends its next page.
		if in.Buffered() == 0 {
			if err := out.Flush(); err != nil {
				return err
			}
		}
	}
}

func read(asked request, page []byte) (result answer) {
	defer func() {
		if broken := recover(); broken != nil {
			result.Error = fmt.Sprint("panic: ", broken)
		}
	}()
	var err error
	switch asked.Reader {
	case "textparse":
		err = readTextparse(asked, page, &result)
	case "expfmt":
		err = readExpfmt(asked, page, &result)
	default:
		err = fmt.Errorf("no reader %q", asked.Reader)
	}
	if err != nil {
		result.Error = err.Error()
	}
	return result
}
