(ns eckermann.check.nodelogs
  "The nodes' logs: what nobody may say ever, and what is said of errors though no fault explains it. A line's time in the
  history is that of the sample by which it was there: the clock of a node may be wrong on purpose."
  (:require [clojure.java.io :as io]
            [clojure.string :as str]))

;; ---- reading ----

(def ^:private head #"^\d{4}-\d\d-\d\dT\S+ (TRACE|DEBUG|INFO|WARN|ERROR) +(\S+) (.*)$")

(defn- entry [node line ^String text end]
  (let [[_ level logger said] (re-matches head text)]
    {:node node :line line :level (or level "RAW") :logger logger :said (or said text) :end end}))

(defn entries
  "The entries of one log: a line, and those behind it that begin with a tab, which are its stack. What is no line of the log's
  form, as what the JVM itself says, has the level RAW. `lines` are its lines, each with the bytes that there are up to its end."
  [node lines]
  (->> lines
       (map-indexed vector)
       (reduce (fn [found [i [text end]]]
                 (if (and (str/starts-with? text "\t") (seq found))
                   (update found (dec (count found)) #(-> % (update :stack (fnil conj []) (str/trim text)) (assoc :end end)))
                   (conj found (entry node (inc i) text end))))
               [])
       (remove #(and (= "RAW" (:level %)) (str/blank? (:said %))))
       vec))

(defn- lines-of [file]
  (let [latin (with-open [in (io/reader file :encoding "ISO-8859-1")] (vec (line-seq in)))]
    (map (fn [^String l end] [(String. (.getBytes l "ISO-8859-1") "UTF-8") end])
         latin (rest (reductions (fn [at ^String l] (+ at 1 (count l))) 0 latin)))))

(defn timed
  "Gives each entry of a node the time between the two samples of which the later one has it; what came behind the last is of the
  end. Without samples, as older runs are, there is no time."
  [entries samples end]
  (let [node (keyword (:node (first entries)))
        seen (reduce (fn [m [b t]] (update m b (fn [[first-seen]] [(or first-seen t) t])))
                     (sorted-map)
                     (for [s samples :let [b (get-in s [node :log-bytes])] :when b] [b (:time s)]))
        at (fn [bytes] (let [later (some-> (subseq seen >= bytes) first val first)
                             before (some-> (rsubseq seen < bytes) first val second)]
                         (cond (and later before) (quot (+ later before) 2)
                               later later
                               :else (max (or before 0) end))))]
    (mapv #(assoc % :time (when (seq seen) (at (:end %)))) entries)))

(defn read-logs [dir samples end]
  (vec (sort-by :time
                (mapcat (fn [^java.io.File f] (timed (entries (str/replace (.getName f) ".log" "") (lines-of f)) samples end))
                        (sort (filter #(re-matches #"n\d+\.log" (.getName ^java.io.File %)) (.listFiles (io/file dir))))))))

;; ---- judging ----

(def ^:private never
  "No fault is an excuse for these: a bug, or more memory than there is, or buffers and channels that nobody gave back."
  #"AssertionError|OutOfMemoryError|StackOverflowError|NullPointerException|ClassCastException|LinkageError|NoClassDefFoundError|LEAK: |was not shutdown properly|garbage collected without being shut ?down|Exception in thread|thrown from the UncaughtExceptionHandler|ended by an error that is a bug|by a bug|A fatal error has been detected")

(def ^:private outrun
  "Ratis remembers a notification of a snapshot after it has sent it; an answer that was quicker is dropped, and it is asked again."
  #"Failed InstallSnapshot: .*Failed to read message.*NullPointerException: index == null")

(def ^:private unreachable
  #"UNAVAILABLE|CANCELLED|DEADLINE_EXCEEDED|Connection refused|Connection reset|ConnectException|ClosedChannelException|TimeoutException|InterruptedException|AlreadyClosedException|NotLeaderException|ServerNotReadyException|LeaderSteppingDownException|StaleReadException|Could not fetch a snapshot|could not be sent|could not be looked up|are not known|Failed appendEntries|APPEND_ENTRIES onError|INSTALL_SNAPSHOT onError|Failed to (send|request|notify)|from GOAWAY|Stream closed before write|inProgressInstallSnapshotRequest: \d+ is not eligible")

(def ^:private unwritable
  #"(could|can) ?not be (written|flushed)|can't be written|Failed to (flush|write|close|create|rename)|Input/output error|No space left|Read-only file system|Structure needs cleaning|Stopping at once|is stopping already|No snapshot was taken|could not be (kept|given back|deleted|counted|noted)|IO error|log has failed|Failed to set|Unable to (abort|delete)|did not stop well|IOException")

(def ^:private damaged
  #"[Dd]amaged|not whole|does not start with what it has|can't be read|[Cc]orrupt|[Cc]hecksum|sets aside|is mended|stays as it is|Stopping at once|Raft could not start|has failed \(STARTING -> EXCEPTION\)")

(def ^:private changing
  #"was removed from the cluster|waits to be added|members stay as they are|GroupMismatchException|ReconfigurationInProgress|snapshot")

(def ^:private refused "What clients say that speak nonsense, or leave in the middle." #"HTTP/2|preface|Transport failed|Connection reset|CANCELLED|Broken pipe|Http2Exception")

(def allowed
  "Kind of fault -> what nodes may say of errors while it lasts and a little longer. Any fault may make nodes unreachable to each
  other, if only because the machine is busy with it."
  {"N5" [unwritable] "N6" [unwritable] "N7" [unwritable] "N8" [unwritable] "N9" [unwritable] "N12" [unwritable damaged]
   "N10" [#"TimeoutIOException"]
   "N11" [damaged changing unwritable] "N15" [changing] "N16" [changing unwritable] "N18" [refused]})

(def ^:private before-ns "A line's time may be that of a sample before the fault was noted." 1000000000)
(def ^:private after-ns "What a fault began may be told so much after all nodes were ready again." 10000000000)

(defn- suspicious?
  "Errors, and warnings with an exception."
  [{:keys [level said stack]}]
  (or (= "ERROR" level) (= "RAW" level)
      (and (= "WARN" level) (or (seq stack) (re-find #"(Exception|Error)\b" said)))))

(defn- harmless-raw?
  "What the JVM says on its own account and is no error, and what the reader of states says when all is over."
  [{:keys [level said]}]
  (and (= "RAW" level) (re-find #"^(OpenJDK|Java HotSpot).* warning:|^NOTE: Picked up|^Picked up |^WARNING: |^SLF4J|^\s*at |^Caused by|^\[" said)))

(defn- text [{:keys [node level logger said stack]}]
  (str node " " level " " (when logger (str logger " ")) said (when (seq stack) (str " | " (str/join " | " (take 3 stack))))))

(defn- says? [pattern {:keys [said stack]}] (or (re-find pattern said) (some #(re-find pattern %) stack)))

(defn- explained?
  [faults {:keys [time] :as e}]
  (some (fn [{:keys [id begin recovered]}]
          (and (or (nil? time) (<= (- begin before-ns) time (if recovered (+ recovered after-ns) Long/MAX_VALUE)))
               (some #(says? % e) (cons unreachable (allowed id)))))
        faults))

(defn- starting-and-stopping
  "Nodes that start and stop do not all do so at once: the others are not reachable meanwhile."
  [start end]
  [{:id "start" :begin 0 :recovered start} {:id "stop" :begin end :recovered nil}])

(defn- pauses
  "A machine that is busy with something else stops nodes for a while, as they say themselves: that makes them unreachable, too."
  [entries]
  (for [{:keys [said time]} entries :when (and time (re-find #"Detected pause in JVM or host machine" said))]
    {:id "machine" :begin (- time after-ns) :recovered time}))

(defn check
  "Faults: {:id :begin :recovered}. `start` is when the clients began, `end` when the history ended: before and after, nodes are
  started and stopped."
  [entries faults start end]
  (let [entries (remove #(says? outrun %) entries)
        bugs (filter #(says? never %) entries)
        excused (concat faults (starting-and-stopping start end) (pauses entries))
        unexplained (remove (fn [e] (or (harmless-raw? e) (explained? excused e))) (filter suspicious? (remove (set bugs) entries)))
        show (fn [es] (mapv (fn [e] {:time (:time e) :node (:node e) :line (:line e) :text (let [t (text e)] (subs t 0 (min 500 (count t))))}) (take 8 es)))]
    {:valid? (and (empty? bugs) (empty? unexplained))
     :entries (count entries)
     :errors (count (filter #(= "ERROR" (:level %)) entries))
     :explained (- (count (filter suspicious? entries)) (count bugs) (count unexplained))
     :bugs (show bugs) :unexplained-count (count unexplained)
     :unexplained (show unexplained)}))

(defn around
  "What all nodes said within so many ns of a time, in order: how many ms later each line is, and the line. `most` of them, those
  nearest to it."
  [entries time ns most]
  (->> entries
       (filter #(and (:time %) (<= (- time ns) (:time %) (+ time ns))))
       (sort-by #(abs (- (:time %) time)))
       (take most)
       (sort-by :time)
       (mapv (fn [e] [(quot (- (:time e) time) 1000000) (text e)]))))
