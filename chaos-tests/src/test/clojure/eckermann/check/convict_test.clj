(ns eckermann.check.convict-test
  "Histories in which something is wrong on purpose: the report names the few calls that show it, the moment, what nodes said then,
  and how to have it again."
  (:require [clojure.java.io :as io]
            [clojure.string :as str]
            [clojure.test :refer [deftest is testing]]
            [eckermann.check.convict :as convict]
            [eckermann.check.core :as core]
            [eckermann.check.histories :as hs :refer [call]]
            [eckermann.check.linear :as linear]
            [eckermann.check.models :as m]
            [eckermann.check.shrink :as shrink])
  (:import (java.nio.file Files)
           (java.nio.file.attribute FileAttribute)))

(defn- stuck-at [value calls] (:call (linear/check (m/cas-register value) calls)))

(deftest few-calls-of-many-show-a-stale-read
  (let [writes (for [i (range 1 100)] (call :write i (* 10 i) (+ 5 (* 10 i))))
        reads (for [i (range 1 100)] (call :read nil (+ 6 (* 10 i)) (+ 8 (* 10 i)) :result i))
        stale (call :read nil 2000 2001 :result 98)
        later (for [i (range 200 250)] (call :write i (* 20 i) (inc (* 20 i))))
        calls (concat writes reads [stale] later)
        {:keys [held set-by calls left-out]} (shrink/smallest 0 calls (stuck-at 0 calls))]
    (is (= [99] held (map :value set-by)))
    (is (= [stale] calls))
    (is (= 247 left-out))))

(deftest what-remains-can-not-have-been-either-and-is-not-empty
  (doseq [seed (range 2000 2120)
          :let [calls (hs/mutated seed (hs/linearizable seed 30))
                bad (stuck-at 0 calls)]
          :when bad
          :let [{:keys [held] least :calls} (shrink/smallest 0 calls bad)]]
    (is (seq held))
    (is (<= 1 (count least) (count calls)))
    (doseq [value held] (is (false? (:valid? (linear/check (m/cas-register value) least))) (str "seed " seed ", held " value)))))

(deftest calls-under-way-are-kept-with-what-they-may-have-done
  (testing "the unknown write explains the first read, so the second one convicts only with it"
    (let [calls [(call :write 1 0 1) (call :write 2 2 nil) (call :read nil 4 5 :result 2) (call :read nil 6 7 :result 1)]
          {:keys [held calls]} (shrink/smallest 0 calls (stuck-at 0 calls))]
      (is (= [[2] [1]] [held (map :result calls)]))))
  (testing "all that the register may have held is named, and none of it is what was read"
    (let [calls [(call :write 1 0 9) (call :write 2 1 nil) (call :read nil 2 4 :result 2) (call :read nil 5 7 :result 0)]
          {:keys [held calls]} (shrink/smallest 0 calls (stuck-at 0 calls))]
      (is (= [#{1 2} [0]] [(set held) (map :result calls)])))))

;; ---- one conviction of each checker ----

(defn- s [seconds] (* seconds 1000000000))

(defn- timed [calls] (mapv (fn [c] (assoc c :invoke (s (:start c)) :complete (when (:end c) (s (:end c))))) calls))

(def ^:private entries
  [{:node "n1" :line 1 :level "INFO" :logger "A" :said "long before" :time (s 1)}
   {:node "n2" :line 2 :level "WARN" :logger "B" :said "just then" :time (s 11)}])

(defn- convicted [check result calls & faults]
  (first (convict/convictions {check (assoc result :valid? false)} (timed calls) faults entries)))

(defn- marked [conviction] (map :start (filter :convicted (:calls conviction))))

(deftest lost-event-is-shown-by-its-send-and-by-who-read-it
  (let [send (call :send ["log-1" [7]] 3 10 :result ["log-1" [[5 7]]])
        poll (call :poll ["log-1" 5] 12 13 :result {:topic "log-1" :from 5 :events [[5 7 0]]})
        other (call :send ["log-2" [8]] 5 6 :result ["log-2" [[5 8]]])
        found (convicted :log {:anomalies {:lost-write [{:topic "log-1" :position 5 :number 7 :found nil}]}} [send other poll])]
    (is (= [3 12] (map :start (:calls found))))
    (is (= [3] (marked found)))
    (is (= (s 10) (:time found)))
    (is (= [[1000 "n2 WARN B just then"]] (:lines found)))))

(deftest every-checker-that-convicts-names-calls-and-a-moment
  (let [two-commits [(call :cursor-commit [0 5] 1 2 :result [0 5]) (call :cursor-commit [0 6] 3 4 :result [0 6])]
        leases [(call :lease nil 1 2 :result {:member "m" :token 1 :events [[1 11 1]]}) (call :ack {} 3 4 :result {:positions [1]})]
        tries [(call :once [7] 0 1 :result [7 1]) (call :once [7] 2 3 :result [7 2]) (call :once [8] 4 5 :result [8 3])]
        step (call :step [["a" [1]]] 6 7 :result [["a" [[1 1]]]])
        sends [(call :send ["log-1" [7]] 3 10 :result ["log-1" [[5 7]]])]]
    (doseq [[check result calls starts time]
            [[:cursor {:expected-twice [0]} two-commits [1 3] 4]
             [:cursor {:moved-back [{:call (select-keys (second two-commits) [:f :value :result :process]) :was-at 9}]} two-commits [1 3] 4]
             [:queue {:acknowledged-twice [1]} leases [1 3] 4]
             [:time-index {:wrong [{:topic "log-1" :time 9 :answered 3 :should-be 2}]} [(call :seek ["log-1" 9] 1 2 :result ["log-1" 9 3])] [1] 2]
             [:idempotency {:two-positions [[7 #{1 2}]]} tries [0 2] 3]
             [:steps {:anomalies {:torn [[["a" [1]]]]}} [step] [6] 7]
             [:chains {:diverged [{:topic "log-1" :node "n2" :position 5 :agree ["n1"]}]} sends [3] 10]
             [:replicas {:differing [{:topic "log-1" :node "n2" :at 5}]} sends [3] 10]
             [:witness {:wrong [{:inversions [{:call {:start 3} :position 4 :but-complete-before 6}]}]} sends [3] 10]
             [:liveness {:silent-while-well [{:from (s 9) :to (s 30) :gap-ns (s 21)}]} sends [3] 9]
             [:terms {:fell [{:node "n1" :from 3 :to 2 :time (s 9)}]} sends [3] 9]
             [:node-logs {:bugs [{:time (s 9) :text "AssertionError"}]} sends [3] 9]
             [:resources {:over [{:node :n1 :figure :files :value 9 :ceiling 8 :time (s 9)}]} sends [3] 9]
             [:evidence {:crashed [{:fault 1 :node "n1" :exit-code 134}]} sends [3] 9]
             [:fail-stop {:went-on [{:fault 1 :node "n1-stopped"}]} sends [3] 9]]
            :let [found (convicted check result calls {:number 1 :name "kill" :begin (s 9)})]]
      (is (= [starts (s time)] [(map :start (:calls found)) (:time found)]) check)
      (is (string? (:what found)) check))))

(deftest twenty-calls-are-shown-at-most-and-the-convicted-one-among-them
  (let [sends (for [i (range 50)] (call :send ["log-1" [7]] (* 2 i) (inc (* 2 i)) :result ["log-1" [[5 7]]]))
        found (convicted :witness {:wrong [{:mismatched [{:start 98}]}]} sends)]
    (is (= 20 (count (:calls found))))
    (is (= [98] (marked found))))
  (is (empty? (convict/convictions {:log {:valid? true} :states {:valid? false}} [] [] []))))

;; ---- a whole run with a planted violation ----

(def ^:private planted
  [[:invoke 0 :write ["1" 7 nil]] [:ok 0 :write ["1" 7 1]]
   [:invoke 1 :write ["1" 8 nil]] [:ok 1 :write ["1" 8 2]]
   [:invoke 2 :read ["1" nil nil]] [:ok 2 :read ["1" 7 1]]])

(defn- history [ops]
  (apply str (map-indexed (fn [i [type process f value]] (prn-str {:index i :time (* i (s 1)) :type type :process process :f f :value value})) ops)))

(defn- page-of [ops]
  (let [dir (.toFile (Files/createTempDirectory "chaos-red" (make-array FileAttribute 0)))]
    (spit (io/file dir "history.edn") (history ops))
    (spit (io/file dir "test.edn") (pr-str {:name "planted" :seed 1 :nodes 1 :directory "store/planted/1"}))
    (spit (io/file dir "samples.edn") (str (pr-str {:n1 {:log-bytes 0} :time (s 3)}) "\n" (pr-str {:n1 {:log-bytes 1000} :time (s 5)})))
    (spit (io/file dir "n1.log") "2026-11-28T14:36:35.907Z INFO  Read A read went by\n")
    (let [said (with-redefs [println (fn [& _])] (core/analyze-dir! (str dir)))
          texts {:said said :page (slurp (io/file dir "report.html")) :report (slurp (io/file dir "report.txt"))}]
      (run! io/delete-file (reverse (file-seq dir)))
      texts)))

(deftest red-run-shows-the-calls-the-moment-the-nodes-and-how-to-have-it-again
  (let [{:keys [said page report]} (page-of planted)]
    (is (= "INVALID linearizable witness" said))
    (doseq [there ["href='#at-linearizable'" "id='at-linearizable'" "id='case-linearizable'" "register 1 held 8, and then this can not have been"
                   "A read went by" "chaos-tests/chaos replay store/planted/1"]]
      (is (str/includes? page there) there))
    (is (= 1 (count (re-seq #"id='at-linearizable'" page))))
    (is (re-find #"> line 5  process 2 read \[\"1\" nil nil\] -> \[\"1\" 7 1\]" report))
    (is (re-find #"(?s)  line 3  process 1 write.*> line 5 .*\(1 other calls are left out\)" report))
    (is (str/includes? report "n1 INFO Read A read went by"))))

(deftest run-that-holds-convicts-nobody
  (let [{:keys [said page]} (page-of (assoc planted 5 [:ok 2 :read ["1" 8 2]]))]
    (is (not (str/starts-with? said "INVALID linearizable")))
    (is (not (str/includes? page "id='case-linearizable'")))
    (is (not (str/includes? page "id='at-linearizable'")))))
