(ns eckermann.check.core
  "Judges a run from the files it left: its history, and what every node held at the end. Writes results.edn and the reports
  beside them."
  (:require [clojure.edn :as edn]
            [clojure.java.io :as io]
            [clojure.pprint :as pprint]
            [clojure.string :as str]
            [eckermann.check.chain :as chain]
            [eckermann.check.competition :as competition]
            [eckermann.check.convict :as convict]
            [eckermann.check.cursor :as cursor]
            [eckermann.check.evidence :as evidence]
            [eckermann.check.goals :as goals]
            [eckermann.check.history :as h]
            [eckermann.check.liveness :as liveness]
            [eckermann.check.log :as log]
            [eckermann.check.models :as models]
            [eckermann.check.nodelogs :as nodelogs]
            [eckermann.check.once :as once]
            [eckermann.check.queue :as queue]
            [eckermann.check.samples :as samples]
            [eckermann.check.shrink :as shrink]
            [eckermann.check.steps :as steps]
            [eckermann.check.timeindex :as timeindex]
            [eckermann.check.witness :as witness]
            [eckermann.report.html :as html]
            [eckermann.report.text :as text])
  (:import (com.fasterxml.jackson.databind JsonNode ObjectMapper)
           (java.security MessageDigest)))

(def ^:private json (ObjectMapper.))

(defn merge-valid
  "False before unknown before true."
  [verdicts]
  (cond (some false? verdicts) false
        (some #{:unknown} verdicts) :unknown
        :else true))

;; ---- what nodes held at the end ----

(defn- event [^String line]
  (let [^JsonNode e (.readTree ^ObjectMapper json line)]
    (when (.has e "position")
      [(.asLong (.path e "position"))
       (if (.has e "data") (parse-long (.asText (.path e "data"))) nil)
       (.asLong (.path e "recorded_ns"))])))

(defn- node-topics [^java.io.File dir]
  (into {} (for [^java.io.File f (.listFiles dir) :when (str/ends-with? (.getName f) ".ndjson")]
             [(subs (.getName f) 0 (- (count (.getName f)) 7))
              (with-open [in (io/reader f)] (into [] (keep event) (remove str/blank? (line-seq in))))])))

(defn read-finals
  "Node -> topic -> [[position number recorded-ns] ...]"
  [dir]
  (into (sorted-map) (for [^java.io.File d (.listFiles (io/file dir))
                           :when (and (.isDirectory d) (re-matches #"n\d+" (.getName d)))]
                       [(.getName d) (node-topics d)])))

(defn- sha256 [x]
  (let [digest (.digest (MessageDigest/getInstance "SHA-256") (.getBytes (pr-str x) "UTF-8"))]
    (apply str (map #(format "%02x" %) digest))))

(defn replicas
  "Every node holds the same events with the same times, and all that there were."
  [finals history nodes]
  (let [digests (into (sorted-map) (map (fn [[n topics]] [n (sha256 (into (sorted-map) topics))])) finals)
        heads (into {} (comp (filter #(= :final-head (:f %))) (map :value)) history)
        failed (mapv :value (filter #(= :final-read-failed (:f %)) history))
        [_ first-topics] (first finals)
        differing (for [[n topics] (rest finals) [t es] topics
                        :let [d (first (keep-indexed (fn [i [a b]] (when (not= a b) {:node n :topic t :at (inc i) :is a :elsewhere b}))
                                                     (map vector es (get first-topics t))))]
                        :when (or d (not= (count es) (count (get first-topics t))))]
                    (or d {:node n :topic t :has (count es) :elsewhere (count (get first-topics t))}))
        short (for [[n topics] finals [t head] heads :when (not= head (count (get topics t)))]
                {:node n :topic t :head head :has (count (get topics t))})]
    {:valid? (cond (or (seq differing) (seq short) (seq failed)) false
                   (or (empty? heads) (< (count finals) nodes)) :unknown
                   :else true)
     :nodes (count finals) :digest (some-> digests first val (subs 0 12))
     :events (reduce + 0 (map count (vals first-topics)))
     :differing (vec (take 8 differing)) :short (vec (take 8 short)) :unreadable (vec (take 8 failed))}))

(defn states
  "All that the nodes held when they were stopped, by the digests of their states: the same, or not of the same entries."
  [dir nodes]
  (let [found (into (sorted-map)
                    (for [^java.io.File d (.listFiles (io/file dir)) :let [f (io/file d "state.edn")]
                          :when (and (.exists f) (pos? (.length f)))]
                      [(.getName d) (edn/read-string (slurp f))]))
        apart (for [[applied some-nodes] (group-by (comp :applied val) found)
                    :when (< 1 (count (distinct (map (comp :digest val) some-nodes))))]
                {:applied applied :nodes (mapv key some-nodes)})]
    {:valid? (cond (seq apart) false
                   (and (seq found) (= nodes (count found)) (apply = (map :digest (vals found)))) true
                   :else :unknown)
     :nodes (count found) :apart (vec apart) :found found}))

;; ---- calls, as each checker wants them ----

(defn- register-calls [calls]
  (group-by :key
            (for [c calls :when (#{:read :write :cas} (:f c))
                  :let [[k v _] (:value c) [_ found at] (when (= :ok (:type c)) (:result c))]]
              (assoc c :key k :value v :result (if (= :read (:f c)) found nil) :version at))))

(defn- as-knossos
  "The history of one key, as knossos.cli reads it."
  [history k]
  (->> history
       (filter #(and (h/client-op? %) (#{:read :write :cas} (:f %)) (= k (first (:value %)))))
       (map-indexed (fn [i op] (-> (select-keys op [:time :type :process :f])
                                   (assoc :index i :value (second (:value op))))))
       vec))

(defn linearizable
  "Every register, by search. Writes the history of each beside."
  [history calls dir]
  (let [begun (System/nanoTime)
        one (fn [[k cs]]
              (let [own (as-knossos history k)
                    file (io/file dir "independent" (str k) "history.edn")
                    result (competition/analysis (models/cas-register 0) cs {:time-limit 30000})
                    theirs (competition/knossos own)]
                (io/make-parents file)
                (spit file (str (str/join "\n" (map pr-str own)) "\n"))
                (cond-> (assoc (dissoc result :previous-ok) :key k :calls (count cs))
                  (and (some? theirs) (not= :unknown theirs) (not= theirs (:valid? result))) (assoc :valid? false :knossos theirs))))
        by-key (register-calls calls)
        results (doall (map one by-key))
        wrong (remove #(true? (:valid? %)) results)
        explained (fn [{:keys [key call] :as result}]
                    (let [{:keys [held set-by calls left-out]} (shrink/smallest 0 (get by-key key) call)]
                      (assoc result :held held :set-by set-by :least calls :left-out left-out :bad call)))]
    {:valid? (if (empty? results) :unknown (merge-valid (map :valid? results)))
     :keys (count results)
     :calls (reduce + 0 (map :calls results))
     :by (frequencies (map :analyzer results))
     :knossos (some? (competition/knossos []))
     :wrong (mapv #(dissoc % :call)
                  (if-let [bad (first (filter #(and (false? (:valid? %)) (:call %)) wrong))]
                    (cons (explained bad) (remove #(= bad %) wrong))
                    wrong))
     :seconds (/ (quot (- (System/nanoTime) begun) 10000000) 100.0)}))

(defn witnessed
  "Every register, and every log as a whole, by the versions that the answers name."
  [calls final]
  (let [registers
        (for [[k cs] (register-calls calls)
              :let [held (into {} (map (fn [[p n]] [p n])) (get final (str "reg-" k)))
                    place (into {} (map (fn [[p n]] [n p])) (get final (str "reg-" k)))
                    written (fn [c] (if (= :cas (:f c)) (second (:value c)) (:value c)))]]
          (witness/check
           (for [c cs]
             (if (= :read (:f c))
               (assoc c :kind :read :value (:result c))
               (assoc c :kind :append :value (written c) :version (or (:version c) (place (written c))))))
           held))
        logs
        (for [[t cs] (group-by (comp first :value) (filter #(= :send (:f %)) calls))
              :let [held (into {} (map (fn [[p n]] [p n])) (get final t))
                    place (into {} (map (fn [[p n]] [n p])) (get final t))]]
          (witness/check
           (for [c cs :let [number (first (second (:value c)))]]
             (assoc c :kind :append :value number
                    :version (if (= :ok (:type c)) (ffirst (second (:result c))) (place number))))
           held))
        all (concat registers logs)]
    {:valid? (merge-valid (map :valid? all))
     :appends (reduce + 0 (map :appends all)) :reads (reduce + 0 (map :reads all))
     :wrong (vec (take 5 (map #(select-keys % [:versions-twice :mismatched :inversions]) (remove :valid? all))))}))

(defn- log-check [calls final]
  (let [sends (for [c calls :when (= :send (:f c)) :let [[t numbers] (:value c)]]
                (assoc c :topic t :numbers numbers :events (when (= :ok (:type c)) (second (:result c)))))
        polls (for [c calls :when (and (#{:poll :poll-local :follow} (:f c)) (= :ok (:type c)))]
                (assoc c :topic (:topic (:result c)) :from (:from (:result c)) :kind (:f c) :events (:events (:result c))))]
    (log/check sends polls (into {} (filter (fn [[t _]] (str/starts-with? t "log-"))) final) {})))

(def ^:private every-run-makes
  "Calls that the workloads make all the time; others come when there is cause for them."
  #{:read :write :cas :send :poll :poll-local :follow :enqueue :lease :ack :cursor-read :cursor-commit :seek :once :step :turn})

(defn stats
  "Every kind of call succeeded, and each that all runs make was made."
  [calls]
  (let [by-f (into (sorted-map) (map (fn [[f cs]] [f (merge {:ok 0 :fail 0 :info 0} (frequencies (map :type cs)))])) (group-by :f calls))
        never-ok (vec (keep (fn [[f n]] (when (zero? (:ok n)) f)) by-f))
        never-called (vec (sort (remove by-f every-run-makes)))]
    {:valid? (if (and (empty? never-ok) (empty? never-called)) true :unknown)
     :by-f by-f :never-ok never-ok :never-called never-called}))

(defn- of-cluster
  "What there is to be judged when there was a cluster."
  [dir test history calls faults {:keys [end entries samples]}]
  (let [finals (read-finals dir)
        final (or (some-> (first finals) val) {})
        of (fn [& fs] (filter (comp (set fs) :f) calls))]
    (array-map
     :linearizable (linearizable history calls dir)
     :witness (witnessed calls final)
     :log (log-check calls final)
     :queue (queue/check (of :enqueue :lease :ack :nack :parked) (get final "work"))
     :cursor (cursor/check (of :cursor-read :cursor-commit))
     :time-index (timeindex/check (for [c (of :seek) :when (= :ok (:type c)) :let [[t ns p] (:result c)]]
                                    {:topic t :time ns :position p})
                                  (into {} (filter (fn [[t _]] (str/starts-with? t "log-"))) final))
     :idempotency (once/check (of :once) (get final "once"))
     :steps (steps/check (of :step :turn :turns-done) (into {} (filter (fn [[t _]] (str/starts-with? t "many-"))) final) "many-done")
     :replicas (replicas finals history (:nodes test))
     :chains (chain/check-dir dir)
     :states (states dir (:nodes test))
     :liveness (liveness/check faults calls end)
     :terms (evidence/terms history)
     :fail-stop (evidence/fail-stop faults)
     :node-logs (nodelogs/check entries faults (or (:invoke (first calls)) end) end)
     :resources (when (:ceilings test) (samples/check samples (:ceilings test)))
     :stats (stats calls))))

(defn analyze
  "The results of a run, as a map."
  [dir]
  (let [dir (io/file dir)
        test-file (io/file dir "test.edn")
        test (merge {:name "history" :nodes 0 :cluster true} (when (.exists test-file) (edn/read-string (slurp test-file))))
        history (h/read-file (io/file dir "history.edn"))
        calls (h/calls history)
        faults (evidence/faults history)
        targeted (map :value (filter #(= :raft-meta-cut (:f %)) history))
        flips (map :value (filter #(= :flip (:f %)) history))
        end (or (:time (peek history)) 0)
        problems (h/strict history)
        samples (samples/read-samples dir)
        entries (nodelogs/read-logs dir samples end)
        in-order (fn [& pairs] (apply array-map (mapcat identity (apply concat pairs))))
        results {:test test :faults faults :calls calls :end end :history history :samples samples
                 :harness-errors (mapv :value (take 5 (filter #(= :harness-error (:f %)) history)))
                 :checks (in-order {:history {:valid? (empty? problems) :ops (count history) :problems problems}}
                                   (when (:cluster test) (remove (comp nil? val) (of-cluster dir test history calls faults {:end end :entries entries :samples samples})))
                                   {:raft-meta (evidence/meta-cuts faults targeted)}
                                   (when (seq flips) {:flips (evidence/flips flips)})
                                   {:evidence (evidence/check faults (:faults test))})}
        checks (in-order (:checks results) {:goals (goals/check (:goals test) results)})]
    (assoc results :checks checks :valid? (merge-valid (map :valid? (vals checks)))
           :convictions (convict/convictions checks calls faults entries))))

(defn analyze-dir!
  "Analyzes the run in a directory, writes its reports and prints the short one. Returns VALID, INVALID or UNKNOWN, and
  behind it the names of the checks that did not hold."
  [dir]
  (let [results (analyze dir)
        short (text/report results)]
    (with-open [out (io/writer (io/file dir "results.edn"))]
      (pprint/pprint (dissoc results :history :calls :samples) out))
    (spit (io/file dir "report.txt") short)
    (spit (io/file dir "report.md") (str "```\n" short "```\n"))
    (spit (io/file dir "junit.xml") (text/junit results))
    (spit (io/file dir "report.html") (html/page results dir))
    (println short)
    (println (str "page  " (.getPath (io/file dir "report.html"))))
    (flush)
    (str/join " " (cons (text/verdict (:valid? results))
                        (for [[k c] (:checks results) :when (false? (:valid? c))] (name k))))))
